/** One onsale on one screen: how its line goes, how it went, and what can be done about it. */

import { actions } from "./actions.js";
import { finer, healthOf, joined, STALE_SECONDS } from "./arithmetic.js";
import { call, clock } from "./api.js";
import { changes, entryWords } from "./changes.js";
import { charts } from "./charts.js";
import { fill, h, set, write } from "./dom.js";
import { feed } from "./feed.js";
import { head } from "./head.js";
import { tiles } from "./tiles.js";
import { second } from "./words.js";

const LOOK_MS = 1_000;
const HISTORY_MS = 10_000;
const ERRORS_MS = 20_000;
const AGE_MS = 500;
const LATEST_CHANGES = 5;
const NARROW_MS = 110 * 60_000;
const SAMPLES_MS = 30 * 86_400_000;

/** The view of `#/onsale/NAME`. */
export async function onsaleView(name) {
  const path = `/onsales/${encodeURIComponent(name)}`;
  const model = { policy: await call(path), told: null, samples: [], errors: null, heard: 0, get now() { return clock.now(); } };
  const top = head(model.policy, "");
  const status = liveness();
  const figures = tiles();
  const drawn = charts();
  const trail = h("ol", { class: "latest" });
  const panel = actions({ model, change: changes({ name, latest: () => model.policy, changed: follow }) });
  const element = h("div", { class: "onsale" }, top.element, status.element,
    h("div", { class: "columns" },
      h("section", { "aria-labelledby": "now" }, h("h2", { id: "now", class: "hush" }, "Now"), figures.element),
      h("div", { class: "side" }, panel.element,
        h("section", { class: "panel", "aria-labelledby": "latest" }, h("h2", { id: "latest" }, "Latest changes"), trail, h("p", {}, h("a", { href: `#/onsale/${name}/audit` }, "The whole trail")))),
      drawn.element));

  function follow(policy) {
    if (policy.version < model.policy.version) return;
    model.policy = policy;
    top.show(policy);
    panel.refresh();
    recent();
  }

  async function recent() {
    const { versions } = await call(`${path}/audit`);
    fill(trail, ...versions.slice(0, LATEST_CHANGES).map((each) => h("li", {}, h("strong", {}, each.by), ` ${each.version === 1 ? "created it" : entryWords(each)}`, h("span", { class: "quiet" }, ` ${second(Date.parse(each.at))}`))));
  }

  async function heard(told) {
    Object.assign(model, { told, heard: Date.now() });
    status.heard(model);
    figures.show(model);
    top.show({ ...model.policy, phase: told.phase });
    if (told.version > model.policy.version) follow(await call(path));
    else panel.refresh();
  }

  const quiet = () => {};
  const history = async (from) => {
    const told = await call(`${path}/history${from ? `?since=${new Date(from).toISOString()}` : ""}`);
    return told.samples.map((sample) => ({ ...sample, at: Date.parse(sample.at), every: told.every_seconds * 1_000 }));
  };
  const missed = async () => {
    if (model.samples.length) return history(model.samples.at(-1).at + 1);
    const [wide, narrow] = await Promise.all([history(), history(clock.now() - NARROW_MS)]);
    return finer(wide, narrow);
  };
  const ends = [
    feed({ ask: () => call(`${path}/metrics`), period: LOOK_MS, heard: (told) => heard(told).catch(quiet), failed: (problem, pause) => status.failed(problem, pause) }),
    feed({ ask: missed, period: HISTORY_MS, heard: (samples) => {
      model.samples = joined(model.samples, samples, clock.now() - SAMPLES_MS);
      drawn.show(model);
    } }),
    feed({ ask: () => call("/errors"), period: ERRORS_MS, heard: (errors) => {
      model.errors = errors;
      drawn.show(model);
    } }),
    status.age(element),
  ];
  panel.refresh();
  recent().catch(quiet);
  return { element, title: model.policy.name, stop: () => ends.forEach((end) => end()) };
}

/** How the line does, and how old what is shown is: said at once, and seen on everything when it is too old. */
function liveness() {
  const health = h("p", { class: "health" }, "Reading…");
  const age = h("p", { class: "age", "aria-hidden": "true" });
  const alarm = h("p", { class: "alarm", role: "alert" });
  const element = h("div", { class: "liveness" }, health, age, alarm);
  let model = null;
  let trouble = null;

  /** Seconds since the tick that is shown, and since the answer that told of it. */
  const ages = () => {
    const answer = (Date.now() - model.heard) / 1_000;
    const { status_age_seconds: tick } = model.told;
    return { answer, tick: tick === null ? null : tick + answer };
  };

  function show(shown) {
    if (!model) return;
    const { answer, tick } = ages();
    const lost = answer > STALE_SECONDS;
    const state = healthOf(model.told, model.told.status_age_seconds);
    set(health, "data-level", lost ? "bad" : state.level);
    write(health, lost ? "Not known: the console hears nothing." : state.words);
    write(age, tick === null ? "" : `${lost ? "What you see is" : "As of"} ${tick < 10 ? tick.toFixed(1) : Math.round(tick)} s ${lost ? "old" : "ago"}`);
    write(alarm, lost ? `The figures stand still. ${trouble?.message ?? ""} The console goes on asking.` : "");
    set(shown, "data-stale", lost || state.level === "bad");
  }

  return {
    element,
    heard(told) {
      model = told;
      trouble = null;
    },
    failed(problem) {
      trouble = problem;
      if (!model) write(alarm, problem.message);
    },
    age(shown) {
      const timer = setInterval(() => show(shown), AGE_MS);
      return () => clearInterval(timer);
    },
  };
}
