/** Fields of forms, each with its label, its hint, and beside it what the server found wrong with it. */

import { h, set, write } from "./dom.js";

let fields = 0;

/** A field; `fault(text)` shows what is wrong with it, or nothing any more. */
export function field({ name, label, hint = null, tag = "input", ...attributes }) {
  fields += 1;
  const id = `field-${fields}`;
  const input = h(tag, { id, name, ...attributes });
  const said = h("p", { class: "fault", id: `${id}-fault`, hidden: true });
  const hinted = hint && h("p", { class: "hint", id: `${id}-hint` }, hint);
  const check = attributes.type === "checkbox";
  const named = h("label", { for: id }, label);
  const element = h("div", { class: check ? "field check" : "field" }, ...(check ? [input, named] : [named, input]), hinted, said);

  function fault(text) {
    write(said, text ?? "");
    said.hidden = !text;
    set(input, "aria-invalid", text ? "true" : null);
    set(input, "aria-describedby", [hinted && hinted.id, text && said.id].filter(Boolean).join(" ") || null);
  }
  fault(null);
  return { name, element, input, fault };
}

/**
 * Shows faults beside their fields and goes to the first; those of no field here are returned in words.
 * `made` are fields by name.
 */
export function showFaults(made, faults) {
  for (const each of Object.values(made)) each.fault(null);
  const [known, others] = [faults.filter(({ field: name }) => name in made), faults.filter(({ field: name }) => !(name in made))];
  for (const { field: name, reason } of known) made[name].fault(sentence(reason));
  if (known.length) made[known[0].field].input.focus();
  return others.map(({ field: name, reason }) => `${name}: ${reason}`).join("; ");
}

const sentence = (text) => `${text[0].toUpperCase()}${text.slice(1)}.`;
