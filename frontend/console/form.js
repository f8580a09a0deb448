/** Creating an onsale and editing one, with a preview of its phases in time. */

import { changed as differing, timeline } from "./arithmetic.js";
import { call } from "./api.js";
import { changes } from "./changes.js";
import { draft, put } from "./drafts.js";
import { fill, h, set } from "./dom.js";
import { field, inputsOf, sending, troubleOf } from "./fields.js";
import { head } from "./head.js";
import { keyOnce } from "./key.js";
import { duration, full, PHASES, zone } from "./words.js";

const HOUR_MS = 3_600_000;
const TIMES = ["lobby_opens_at", "sale_starts_at", "closes_at"];
const NUMBERS = ["rate_per_minute", "max_active", "session_seconds"];
const TEXTS = { name: "its name", lobby_opens_at: "when its lobby opens", sale_starts_at: "when its sale starts", closes_at: "when it closes", rate_per_minute: "its rate", max_active: "its cap", session_seconds: "its sessions", rejoin: "who may rejoin" };

const TAKEN = [{ field: "onsale", reason: "there is an onsale of this id" }];

/** A moment as a field of this device's zone has it, and back. */
const local = (ms) => new Date(ms - new Date(ms).getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
const moment = (text) => (text ? new Date(text).getTime() : NaN);

function fieldsFor(creating) {
  const made = [
    ...(creating ? [field({ name: "onsale", label: "Id", hint: "In every address: lower-case letters, digits and hyphens. It cannot be changed.", required: true, autocomplete: "off", autocapitalize: "none", spellcheck: "false" })] : []),
    field({ name: "name", label: "Name", hint: "What fans read.", required: true, maxlength: 120, autocomplete: "off" }),
    field({ name: "lobby_opens_at", label: "Lobby opens", type: "datetime-local", step: 1, required: true }),
    field({ name: "sale_starts_at", label: "Sale starts", type: "datetime-local", step: 1, required: true }),
    field({ name: "closes_at", label: "Closes", type: "datetime-local", step: 1, required: true }),
    field({ name: "rate_per_minute", label: "Let in a minute", hint: "What the booking backend bears.", type: "number", min: 1, step: 1, inputmode: "numeric", required: true }),
    field({ name: "max_active", label: "Active at once", hint: "Sessions that may run side by side.", type: "number", min: 1, step: 1, inputmode: "numeric", required: true }),
    field({ name: "session_seconds", label: "Session in seconds", hint: "Time to buy, from 30 to 7,200.", type: "number", min: 30, max: 7_200, step: 1, inputmode: "numeric", required: true }),
    field({ name: "rejoin", label: "Whoever left or ran out of time may join again, at the end", type: "checkbox" }),
  ];
  return Object.fromEntries(made.map((each) => [each.name, each]));
}

/** What is in the fields, in the words of the interface. A time that is none is sent as it is, to be refused by name. */
function valuesOf(fields) {
  const value = {
    ...Object.fromEntries(Object.entries(fields).map(([name, { input }]) => [name, input.value])),
    ...Object.fromEntries(NUMBERS.map((name) => [name, fields[name].input.value === "" ? null : Number(fields[name].input.value)])),
    ...Object.fromEntries(TIMES.map((name) => [name, Number.isNaN(moment(fields[name].input.value)) ? "" : new Date(moment(fields[name].input.value)).toISOString()])),
  };
  return { ...value, rejoin: fields.rejoin.input.checked };
}

function putInto(fields, onsale) {
  for (const [name, { input }] of Object.entries(fields)) put(input, TIMES.includes(name) ? local(Date.parse(onsale[name])) : onsale[name]);
}

/** The phases as a bar whose parts are as long as they last, and in words. */
function preview(fields) {
  const bar = h("div", { class: "phases", "aria-hidden": "true" });
  const words = h("ol", { class: "phase-words" });
  const element = h("section", { class: "panel preview", "aria-labelledby": "preview" }, h("h2", { id: "preview" }, "Its phases in time"), bar, words, h("p", { class: "quiet" }, `All times are in the zone of this device, ${zone()}.`));

  function show() {
    const [lobby, sale, closes] = TIMES.map((name) => moment(fields[name].input.value));
    const parts = timeline({ lobby, sale, closes });
    fill(bar, ...(parts ?? []).map(part));
    fill(words, ...(parts
      ? [["Lobby opens", lobby, sale - lobby ? `people join and wait for ${duration((sale - lobby) / 1_000)}` : "at the start itself"], ["Sale starts", sale, `people are let in for ${duration((closes - sale) / 1_000)}`], ["Closes", closes, "those who still wait are told that it is over"]].map(([what, at, then]) => h("li", {}, h("strong", {}, what), ` ${full(at)}: ${then}.`))
      : [h("li", {}, "The lobby opens, then the sale starts, then it closes: put the three times in this order to see them.")]));
  }
  return { element, show };
}

function part({ phase, share }) {
  const element = h("span", { class: "phase", "data-phase": phase }, share > 0.12 ? PHASES[phase] : "");
  element.style.flexGrow = String(Math.max(0.02, share));
  return element;
}

/** A form of these fields with its preview; `send` is called with what is in them. */
function sheet({ fields, label, button, send, kept, extra = [] }) {
  const shown = preview(fields);
  const trouble = troubleOf();
  const group = (title, names) => h("fieldset", {}, h("legend", {}, title), h("div", { class: "fields" }, ...names.filter((name) => name in fields).map((name) => fields[name].element)));
  const element = h("form", { class: "sheet", novalidate: true, "aria-label": label, on: { submit: sent, input: shown.show } },
    h("div", { class: "panel" }, group("What it is", ["onsale", "name"]), group("When", TIMES), group("How fast", NUMBERS), group("Who", ["rejoin"]), trouble, h("p", { class: "buttons" }, h("button", { class: "main" }, button), ...extra)),
    shown.element);

  function sent(event) {
    event.preventDefault();
    return sending({ fields, trouble, work: () => send(valuesOf(fields)), faultsOf: (problem) => (problem.slug === "name-taken" ? TAKEN : problem.faults) });
  }
  shown.show();
  set(element, "data-draft", kept.open);
  return { element, show: shown.show };
}

/** The view of `#/new`. */
export async function newView() {
  const fields = fieldsFor(true);
  const hour = Math.ceil(Date.now() / HOUR_MS) * HOUR_MS;
  putInto(fields, { onsale: "", name: "", lobby_opens_at: new Date(hour).toISOString(), sale_starts_at: new Date(hour + HOUR_MS / 2).toISOString(), closes_at: new Date(hour + 4 * HOUR_MS).toISOString(), rate_per_minute: 600, max_active: 300, session_seconds: 180, rejoin: true });
  const kept = draft("new", inputsOf(fields));
  const title = h("h1", { tabindex: -1 }, "New onsale");
  const element = h("div", {}, title);
  element.append(sheet({ fields, kept, label: "New onsale", button: "Create the onsale", send: async (values) => {
    const made = await call("/onsales", { method: "POST", body: values });
    kept.forget();
    created(element, made);
  } }).element);
  return { element, title: "New onsale", stop: () => {} };
}

function created(element, made) {
  const heading = h("h1", { tabindex: -1 }, `${made.name} is made`);
  fill(element, heading, h("section", { class: "panel" }, ...keyOnce(made)));
  heading.focus();
}

/** The view of `#/onsale/NAME/edit`. */
export async function editView(name) {
  let policy = await call(`/onsales/${encodeURIComponent(name)}`);
  const top = head(policy, "/edit");
  const fields = fieldsFor(false);
  const change = changes({ name, latest: () => policy, changed: (following) => {
    policy = following;
    top.show(policy);
    if (!kept.open) reset();
  } });
  putInto(fields, policy);
  const kept = draft(`${name}:edit`, inputsOf(fields));
  kept.latest = () => policy.version;
  const again = h("button", { type: "button", on: { click: () => {
    kept.forget();
    reset();
  } } }, "Reset");
  const made = sheet({ fields, kept, label: "Edit", button: "Save the changes", send: save, extra: [again] });

  function reset() {
    putInto(fields, policy);
    made.show();
  }

  async function save(values) {
    const known = { ...policy, ...Object.fromEntries(TIMES.map((time) => [time, new Date(policy[time]).toISOString()])) };
    const body = differing(Object.fromEntries(Object.entries(values).map(([field_, value]) => [field_, TIMES.includes(field_) && sameSecond(value, policy[field_]) ? known[field_] : value])), known);
    if (!Object.keys(body).length) return;
    const words = `Changed ${Object.keys(body).map((each) => TEXTS[each]).join(", ")}`;
    await change.make({ method: "PATCH", path: "", body }, { version: kept.version ?? policy.version, words, settled: () => {
      kept.forget();
      reset();
    } });
  }

  return { element: h("div", {}, top.element, change.place, made.element), title: `Edit ${policy.name}`, stop: () => {} };
}

/** Fields show whole seconds: what differs by less was not typed. */
const sameSecond = (text, known) => text !== "" && Math.floor(Date.parse(text) / 1_000) === Math.floor(Date.parse(known) / 1_000);
