/** Who changed what, from what to what, and when. */

import { call } from "./api.js";
import { entryWords, partsOf } from "./changes.js";
import { h } from "./dom.js";
import { head } from "./head.js";
import { full } from "./words.js";

/** The view of `#/onsale/NAME/audit`. */
export async function auditView(name) {
  const path = `/onsales/${encodeURIComponent(name)}`;
  const [policy, { versions }] = await Promise.all([call(path), call(`${path}/audit`)]);
  const columns = ["Version", "When", "Who", "What", "From", "To"];
  const element = h("div", {}, head(policy, "/audit").element,
    h("section", { class: "panel table-box", role: "region", "aria-label": "Audit trail", tabindex: 0 },
      h("table", { class: "trail" }, h("caption", { class: "hush" }, "Every version, newest first"),
        h("thead", {}, h("tr", {}, ...columns.map((each) => h("th", { scope: "col" }, each)))),
        h("tbody", {}, ...versions.flatMap(rows)))));
  return { element, title: `Audit trail of ${policy.name}`, stop: () => {} };
}

/** A version, a row for each field that it changed. */
function rows(version) {
  const changes = partsOf(version);
  if (version.version === 1 || !changes.length) return [row(version, 1, version.version === 1 ? "Created" : entryWords(version), "", "")];
  return changes.map((change, index) => row(index ? null : version, changes.length, ...change));
}

function row(version, span, what, from, to) {
  const rowspan = span > 1 ? span : null;
  const own = version ? [h("th", { scope: "row", rowspan }, version.version), h("td", { rowspan }, full(Date.parse(version.at))), h("td", { rowspan }, version.by)] : [];
  return h("tr", {}, ...own, h("td", {}, what), h("td", {}, from), h("td", {}, to));
}
