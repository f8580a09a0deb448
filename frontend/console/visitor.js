/** The help desk: one visitor of an onsale, found by position or by visitor token. */

import { call } from "./api.js";
import { fill, h } from "./dom.js";
import { field, showFaults } from "./fields.js";
import { head } from "./head.js";
import { number, range } from "./words.js";

const STATES = {
  waiting: ["Waiting", "They keep their place; nothing needs to be done."],
  admitted: ["Let in", "Their session runs. Their page shows the way in, also when it is opened again."],
  completed: ["Completed", "Their purchase was reported."],
  expired: ["Expired", "Their time ran out. They can join again at the end, where that is allowed."],
  left: ["Left", "They left the line, or gave their session back."],
};
const REFUSED = {
  "not-found": "Nobody holds this, now or lately.",
  "invalid-token": "This is no visitor token of this onsale. It begins with “ey” and has two dots in it.",
  superseded: "This visitor has a newer place: this token counts no more. Ask for the one that their page shows now.",
};

/** The view of `#/onsale/NAME/visitor`. */
export async function visitorView(name) {
  const policy = await call(`/onsales/${encodeURIComponent(name)}`);
  const fields = { sought: field({ name: "sought", label: "Position or visitor token", hint: "The position is the number on their page. A token is the long text in the address of a handed-over place, after #place=.", autocomplete: "off", autocapitalize: "none", spellcheck: "false", required: true }) };
  const found = h("section", { class: "panel found", "aria-live": "polite", hidden: true });
  const form = h("form", { class: "panel action", novalidate: true, "aria-label": "Find a visitor", on: { submit: look } }, fields.sought.element, h("p", { class: "buttons" }, h("button", { class: "main" }, "Find")));

  async function look(event) {
    event.preventDefault();
    showFaults(fields, []);
    const text = fields.sought.input.value.trim().replace(/^.*#place=/, "");
    const digits = text.replace(/[\s,.#]/g, "");
    const body = /^\d+$/.test(digits) ? { position: Number(digits) } : { visitor_token: text };
    if (!text) return showFaults(fields, [{ field: "sought", reason: "type a position or paste a token" }]);
    try {
      show(await call(`/onsales/${encodeURIComponent(name)}/place-lookup`, { method: "POST", body }));
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      found.hidden = true;
      showFaults(fields, [{ field: "sought", reason: (REFUSED[problem.slug] ?? problem.message).replace(/\.$/, "") }]);
    }
  }

  function show(place) {
    const [state, words] = STATES[place.state];
    const facts = [["Position", number(place.position)], ["State", state], ...(place.state === "waiting" ? [["Ahead of them", number(place.ahead)], ["Their wait", range(place.estimated_wait_seconds)]] : [])];
    fill(found, h("h2", {}, `Position ${number(place.position)}: ${state.toLowerCase()}`), h("dl", { class: "facts" }, ...facts.map(([label, told]) => h("div", {}, h("dt", {}, label), h("dd", {}, told)))), h("p", {}, words));
    found.hidden = false;
  }

  return { element: h("div", {}, head(policy, "/visitor").element, h("div", { class: "narrow" }, form, found)), title: `Find a visitor of ${policy.name}`, stop: () => {} };
}
