/** What stands above every view of one onsale: its name, its phase, the ways to its other views. */

import { h, set, write } from "./dom.js";
import { PHASES } from "./words.js";

const VIEWS = [["", "Live"], ["/edit", "Edit"], ["/branding", "Branding"], ["/key", "Key"], ["/audit", "Audit trail"], ["/visitor", "Find a visitor"]];

/** A coloured word for a phase. */
export function pill(phase) {
  const element = h("span", { class: "pill" });
  showPhase(element, phase);
  return element;
}

export function showPhase(element, phase) {
  set(element, "data-phase", phase);
  write(element, PHASES[phase] ?? phase);
}

/** `current` is the part of the address that names the view. */
export function head(onsale, current) {
  const phase = pill(onsale.phase);
  const title = h("h1", { tabindex: -1 }, onsale.name);
  const links = VIEWS.map(([view, label]) => h("a", { href: `#/onsale/${onsale.onsale}${view}`, "aria-current": view === current && "page" }, label));
  const element = h("div", { class: "head" },
    h("div", { class: "title" }, title, phase, h("code", {}, onsale.onsale)),
    h("nav", { class: "tabs", "aria-label": onsale.name }, ...links));
  return {
    element,
    show(told) {
      write(title, told.name);
      showPhase(phase, told.phase);
    },
  };
}
