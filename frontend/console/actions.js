/** What an operator does to a line: its rate and cap, pause, notice, close. Each says beforehand what it comes to. */

import { changed as differing, limitOf, lineEndsIn } from "./arithmetic.js";
import { clock } from "./api.js";
import { draft, put } from "./drafts.js";
import { h, write } from "./dom.js";
import { field, form, inputsOf, showFaults } from "./fields.js";
import { duration, moment, number } from "./words.js";

const LONGEST_NOTICE = 280;

/** The panel. `change` makes changes, `model` has `policy` and, once it is known, `told`. `refresh()` follows both. */
export function actions({ change, model }) {
  const parts = [flow({ change, model }), pause({ change, model }), notice({ change, model }), close({ change, model })];
  const over = h("p", { class: "quiet", hidden: true }, "This onsale is closed. Nothing can be changed any more but what stands under Edit, Branding and Key.");
  const element = h("section", { class: "panel actions", "aria-labelledby": "actions" },
    h("h2", { id: "actions" }, "Actions"), change.place, over, ...parts.map((part) => part.element));
  return {
    element,
    refresh() {
      const closed = model.policy.closed;
      over.hidden = !closed;
      for (const part of parts) {
        part.element.hidden = closed;
        part.refresh();
      }
    },
  };
}

/** Rate and cap, with what a change does to the end of the line. */
function flow({ change, model }) {
  const fields = {
    rate_per_minute: field({ name: "rate_per_minute", label: "Let in a minute", type: "number", min: 1, step: 1, inputmode: "numeric", required: true }),
    max_active: field({ name: "max_active", label: "Active at once", type: "number", min: 1, step: 1, inputmode: "numeric", required: true }),
  };
  const effect = h("p", { class: "effect", role: "status" });
  const button = h("button", { class: "main" }, "Apply");
  const reset = h("button", { type: "button", on: { click: forget } }, "Reset");
  const buttons = h("p", { class: "buttons", hidden: true }, button, reset);
  const kept = draft(`${model.policy.onsale}:flow`, inputsOf(fields), refresh);
  kept.latest = () => model.policy.version;
  const element = form({ fields, submit, label: "Rate and cap", children: [h("h3", {}, "Rate and cap"), h("div", { class: "pair" }, ...Object.values(fields).map((each) => each.element)), effect, buttons] });

  const wanted = () => differing(Object.fromEntries(Object.entries(fields).map(([name, { input }]) => [name, Number(input.value)])), model.policy);

  function words(values) {
    const names = { rate_per_minute: ["Rate", " a minute"], max_active: ["Cap", ""] };
    return Object.entries(values).map(([name, to]) => `${names[name][0]} ${number(model.policy[name])} → ${number(to)}${names[name][1]}`).join(", ");
  }

  async function submit() {
    const values = wanted();
    if (!Object.keys(values).length) return;
    await change.make({ method: "PATCH", path: "", body: values }, { version: kept.version ?? model.policy.version, words: words(values), settled: forget });
  }

  function forget() {
    kept.forget();
    refresh();
  }

  function refresh() {
    if (!kept.open) for (const [name, { input }] of Object.entries(fields)) put(input, model.policy[name]);
    const values = kept.open ? wanted() : {};
    buttons.hidden = !kept.open;
    write(effect, Object.keys(values).length ? `${words(values)}: ${effectWords(model, values)}` : standing(model));
  }

  return { element, refresh };
}

/** The line as a policy would have it. */
const lineUnder = ({ told, policy }, values = {}) => ({
  waiting: told.waiting,
  active: told.active,
  rate: values.rate_per_minute ?? policy.rate_per_minute,
  cap: values.max_active ?? policy.max_active,
  session: told.average_session_seconds ?? told.session_seconds,
  startIn: Math.max(0, Date.parse(policy.sale_starts_at) - clock.now()) / 1_000,
});

function standing({ told, policy }) {
  if (!told?.waiting) return "Nobody waits.";
  const line = lineUnder({ told, policy });
  return `The ${limitOf(line)} decides how fast this line goes.`;
}

function effectWords({ told, policy }, values) {
  const wrong = Object.values(values).some((each) => !Number.isInteger(each) || each < 1);
  if (wrong) return "a whole number from 1 is needed.";
  if (!told?.waiting) return "nobody waits, so nothing changes for the line as it is.";
  const [before, after] = [lineUnder({ told, policy }), lineUnder({ told, policy }, values)];
  const [from, to] = [lineEndsIn(before), lineEndsIn(after)];
  const now = clock.now();
  const at = (seconds) => moment(now + seconds * 1_000, now);
  const decides = `The ${limitOf(after)} then decides.`;
  if (policy.paused) return `once resumed, the line would take ${duration(to)} instead of ${duration(from)}. ${decides}`;
  if (at(from) === at(to)) return `the line's estimated end stays ${at(from)}. ${decides}`;
  return `the line's estimated end moves from ${at(from)} to ${at(to)}. ${decides}`;
}

/** Pausing with a reason, and going on. */
function pause({ change, model }) {
  const fields = { reason: field({ name: "reason", label: "Reason, which the line reads meanwhile", tag: "textarea", rows: 2, maxlength: LONGEST_NOTICE, hint: "Nobody is let in until you resume. Running sessions run on." }) };
  const kept = draft(`${model.policy.onsale}:pause`, inputsOf(fields));
  kept.latest = () => model.policy.version;
  const stop = form({ fields, submit: () => act("/pause", fields.reason.input.value ? { reason: fields.reason.input.value } : {}, "Paused"), label: "Pause", children: [h("h3", {}, "Pause"), fields.reason.element, h("p", { class: "buttons" }, h("button", { class: "warn" }, "Pause admission"))] });
  const text = h("p", { class: "quiet" });
  const go = form({ fields: {}, submit: () => act("/resume", {}, "Resumed"), label: "Resume", children: [h("h3", {}, "Paused"), text, h("p", { class: "buttons" }, h("button", { class: "main" }, "Resume admission"))] });
  const element = h("div", {}, stop, go);

  async function act(path, body, words) {
    await change.make({ method: "POST", path, body }, { version: kept.version ?? model.policy.version, words, settled: () => {
      kept.forget();
      put(fields.reason.input, "");
    } });
  }

  function refresh() {
    stop.hidden = model.policy.paused;
    go.hidden = !model.policy.paused;
    write(text, model.policy.pause_reason ? `The line reads: “${model.policy.pause_reason}”` : "No reason was given to the line.");
  }
  return { element, refresh };
}

/** A message to the line. */
function notice({ change, model }) {
  const fields = { notice: field({ name: "notice", label: "What everybody in the line reads", tag: "textarea", rows: 2, maxlength: LONGEST_NOTICE }) };
  const shown = h("p", { class: "quiet" });
  const back = h("button", { type: "button", on: { click: () => change.attempt(() => act("", "Notice taken back")) } }, "Take it back");
  const kept = draft(`${model.policy.onsale}:notice`, inputsOf(fields));
  kept.latest = () => model.policy.version;
  const element = form({ fields, submit, label: "Notice", children: [h("h3", {}, "Notice to the line"), shown, fields.notice.element, h("p", { class: "buttons" }, h("button", {}, "Show the notice"), back)] });

  async function submit() {
    const text = fields.notice.input.value.trim();
    if (!text) return showFaults(fields, [{ field: "notice", reason: "write what the line is to read" }]);
    return act(text, `Notice: “${text}”`);
  }

  async function act(text, words) {
    await change.make({ method: "POST", path: "/notice", body: { notice: text } }, { version: kept.version ?? model.policy.version, words, settled: () => {
      kept.forget();
      put(fields.notice.input, "");
    } });
  }

  function refresh() {
    back.hidden = !model.policy.notice;
    const hidden = model.policy.paused && model.policy.pause_reason ? " While paused the line reads the reason instead." : "";
    write(shown, model.policy.notice ? `Shown now: “${model.policy.notice}”.${hidden}` : "None is shown.");
  }
  return { element, refresh };
}

/** Closing for good, which takes the onsale's id in the operator's own hand. */
function close({ change, model }) {
  const { onsale } = model.policy;
  const fields = { confirm: field({ name: "confirm", label: `Type ${onsale} to close it for good`, autocomplete: "off", autocapitalize: "none", spellcheck: "false" }) };
  const inner = form({ fields, submit, label: "Close", children: [h("p", { class: "quiet" }, "Nobody is let in or can join any more; those who wait are told that it is over. Running sessions run on. There is no way back."), fields.confirm.element, h("p", { class: "buttons" }, h("button", { class: "danger" }, "Close for good"))] });
  const element = h("details", {}, h("summary", {}, "Close this onsale"), inner);

  async function submit() {
    if (fields.confirm.input.value.trim() !== onsale) return showFaults(fields, [{ field: "confirm", reason: `that is not ${onsale}` }]);
    return change.make({ method: "POST", path: "/close", body: {} }, { version: model.policy.version, words: "Closed for good" });
  }
  return { element, refresh: () => {} };
}
