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
 * `made` are fields by name; one with a `goal` is gone to there.
 */
export function showFaults(made, faults) {
  for (const each of Object.values(made)) each.fault(null);
  const [known, others] = [faults.filter(({ field: name }) => name in made), faults.filter(({ field: name }) => !(name in made))];
  for (const { field: name, reason } of known) made[name].fault(sentence(reason));
  if (known.length) (made[known[0].field].goal ?? made[known[0].field].input).focus();
  return others.map(({ field: name, reason }) => `${name}: ${reason}`).join("; ");
}

/** A place for what is wrong with a form as a whole. */
export const troubleOf = () => h("p", { class: "fault", role: "alert", hidden: true });

/** Does what a form is sent for. What was wrong is shown beside its fields, and in `trouble` what is of none of them. */
export async function sending({ fields, trouble, work, faultsOf = (problem) => problem.faults }) {
  trouble.hidden = true;
  showFaults(fields, []);
  try {
    await work();
  } catch (problem) {
    if (problem.status === undefined) throw problem;
    const faults = faultsOf(problem);
    const words = faults.length ? showFaults(fields, faults) : problem.message;
    write(trouble, words);
    trouble.hidden = !words;
  }
}

/** A form of `children` that sends once at a time. */
export function form({ fields, children, submit, label, faultsOf }) {
  const trouble = troubleOf();
  const element = h("form", { class: "action", novalidate: true, "aria-label": label, on: { submit: sent } }, ...children, trouble);
  let busy = false;

  async function sent(event) {
    event.preventDefault();
    if (busy) return;
    busy = true;
    try {
      await sending({ fields, trouble, work: submit, faultsOf });
    } finally {
      busy = false;
    }
  }
  return element;
}

/** The inputs of fields, by name. */
export const inputsOf = (fields) => Object.fromEntries(Object.entries(fields).map(([name, each]) => [name, each.input]));

const sentence = (text) => `${text[0].toUpperCase()}${text.slice(1)}.`;
