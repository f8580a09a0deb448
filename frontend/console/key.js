/** The completion key of an onsale: renewing it, with what that breaks said first, and showing it this once. */

import { call } from "./api.js";
import { changes } from "./changes.js";
import { fill, h, write } from "./dom.js";
import { field, form, showFaults } from "./fields.js";
import { head } from "./head.js";
import { full, plural } from "./words.js";

const MADE = ["create", "new completion key"];

/** What shows a key that was just made, and leads on. `made` is the answer that has it. */
export function keyOnce(made) {
  const key = h("code", { class: "key-box", tabindex: 0 }, made.completion_key);
  const copied = h("span", { role: "status" });
  const copy = h("button", { type: "button", on: { click: () => copyFrom(key, copied) } }, "Copy the key");
  return [
    made.warning && h("p", { class: "bad" }, made.warning),
    h("p", {}, "This is its completion key, with which the booking backend reports purchases. ", h("strong", {}, "It is shown this once.")), key,
    h("p", { class: "buttons" }, copy, h("a", { class: "button main", href: `#/onsale/${made.onsale}` }, "Go to the onsale"), copied),
  ];
}

/** A browser may not let a page copy: then the key is marked, for its reader to do it. */
async function copyFrom(key, copied) {
  try {
    await navigator.clipboard.writeText(key.textContent);
    write(copied, "Copied.");
  } catch {
    getSelection().selectAllChildren(key);
    write(copied, "This browser does not copy by itself. The key is marked: copy it from there.");
  }
}

/** The view of `#/onsale/NAME/key`. */
export async function keyView(name) {
  const path = `/onsales/${encodeURIComponent(name)}`;
  let [policy, told, { versions }] = await Promise.all([call(path), call(`${path}/metrics`), call(`${path}/audit`)]);
  const top = head(policy, "/key");
  const made = versions.find((version) => MADE.includes(version.action));
  const inUse = h("p", {}, "The one in use was made by ", h("strong", {}, made.by), ` on ${full(Date.parse(made.at))}. Only its hash is kept, so nobody can look it up.`);
  const fields = { confirm: field({ name: "confirm", label: `Type ${name} to renew its key`, autocomplete: "off", autocapitalize: "none", spellcheck: "false" }) };
  const change = changes({ name, latest: () => policy, changed: (following) => {
    policy = following;
    top.show(policy);
  } });
  const renewal = form({ fields, submit: renew, label: "Renew the key", children: [h("h3", {}, "What a new key breaks"), breaks(told), fields.confirm.element, h("p", { class: "buttons" }, h("button", { class: "danger" }, "Renew the key"))] });
  const panel = h("section", { class: "panel", "aria-labelledby": "key" },
    h("h2", { id: "key", tabindex: -1 }, "Completion key"),
    h("p", {}, "The booking backend reports each purchase with it. Renew it if it was lost, or seen by somebody who should not have it."),
    inUse, change.place, renewal);

  async function renew() {
    if (fields.confirm.input.value.trim() !== name) return showFaults(fields, [{ field: "confirm", reason: `that is not ${name}` }]);
    return change.make({ method: "POST", path: "/completion-key", body: {} }, { version: policy.version, words: "A new completion key is in use. It is shown this once.", settled });
  }

  /** Called with the answer that has the key, or with nothing when somebody else's change goes before. */
  function settled(renewed) {
    fields.confirm.input.value = "";
    if (!renewed) return;
    const heading = h("h2", { id: "key", tabindex: -1 }, "The new completion key");
    fill(panel, heading, h("p", { class: "done" }, "The key before it counts no more."), ...keyOnce(renewed));
    heading.focus();
  }

  return { element: h("div", {}, top.element, h("div", { class: "narrow" }, panel)), title: `Completion key of ${policy.name}`, stop: () => {} };
}

/** What happens between a new key and a backend that has it. */
function breaks({ active }) {
  const now = active ? `${plural(active, "session runs", "sessions run")} now.` : "No session runs now.";
  return h("ul", { class: "points" },
    h("li", {}, "Within a second every report with the key in use is refused (401), until the backend has the new one."),
    h("li", {}, "Whoever buys meanwhile has bought, but their slot stays taken, and their page goes on counting, until their time runs out. ", h("strong", {}, now)),
    h("li", {}, "The sample backend is told by itself; yours is told by you."),
    h("li", {}, "There is no way back to the key before it."));
}
