/** Changing an onsale: from the version that was seen, with what others did meanwhile if it is stale, and with undo. */

import { since } from "./arithmetic.js";
import { call } from "./api.js";
import { fill, h, say } from "./dom.js";
import { BRANDING, FIELDS, second, value } from "./words.js";

/** What takes a change back: the same fields as they were, or the opposite action. Null where there is no way back. */
export function reverse(before, { path, body }) {
  if (path === "") return { method: "PATCH", path, body: Object.fromEntries(Object.keys(body).map((name) => [name, before[name]])) };
  if (path === "/pause") return { method: "POST", path: "/resume", body: {} };
  if (path === "/resume") return { method: "POST", path: "/pause", body: before.pause_reason ? { reason: before.pause_reason } : {} };
  return path === "/notice" ? { method: "POST", path, body: { notice: before.notice } } : null;
}

/** What an entry of the trail changed: names, with from what to what. Of a branding its parts, each by itself. */
export function partsOf({ changes }) {
  return Object.entries(changes).flatMap(([name, [from, to]]) => (name === "branding" ? brandingParts(from ?? {}, to) : [[FIELDS[name] ?? name, value(name, from), value(name, to)]]));
}

function brandingParts(from, to) {
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])].filter((name) => from[name] !== to[name]);
  return names.map((name) => [BRANDING[name] ?? name, value(name, from[name]), value(name, to[name])]);
}

/** One entry of the trail in words. */
export function entryWords(entry) {
  const words = partsOf(entry).map(([name, from, to]) => `${name} from ${from} to ${to}`);
  return words.length ? words.join("; ") : entry.action;
}

/**
 * The one way in which changes are made. `place` shows what came of them: done with undo, or stale with what to do.
 * `latest` gives the policy as it is known, `changed` is told of the one that follows.
 */
export function changes({ name, latest, changed }) {
  const place = h("div", { class: "outcome" });
  const path = `/onsales/${encodeURIComponent(name)}`;

  /** Sends a change made from `version`. Throws Problem for what the form itself has to show. */
  async function make(request, { version, words, settled = () => {} }) {
    const before = latest();
    try {
      const policy = await call(path + request.path, { method: request.method, body: { ...request.body, expected_version: version } });
      settled(policy);
      changed(policy);
      done(words, before.version === version ? reverse(before, request) : null, policy.version);
    } catch (problem) {
      if (problem.slug !== "stale-version") throw problem;
      await stale(request, { version, words, settled });
    }
  }

  function done(words, undo, version) {
    const back = () => attempt(() => make(undo, { version, words: `Taken back: ${words}` }));
    fill(place, h("p", { class: "done" }, h("span", {}, words), undo && h("button", { type: "button", class: "small", on: { click: back } }, "Undo")));
    say(words);
  }

  async function stale(request, { version, words, settled }) {
    const [policy, { versions }] = await Promise.all([call(path), call(`${path}/audit`)]);
    const theirs = since(versions, version);
    const heading = h("h3", { tabindex: -1 }, "Somebody was faster");
    const mine = () => attempt(() => make(request, { version: policy.version, words, settled }));
    const drop = () => {
      settled();
      fill(place);
      say("Your change was dropped.");
    };
    changed(policy);
    fill(place, h("div", { class: "stale" }, heading,
      h("p", {}, `Since version ${version}, which you had:`),
      h("ul", {}, ...theirs.map((each) => h("li", {}, h("strong", {}, each.by), ` ${entryWords(each)}, at ${second(Date.parse(each.at))} (version ${each.version})`))),
      h("p", {}, "Yours is not made: ", h("strong", {}, words)),
      h("p", { class: "buttons" },
        h("button", { type: "button", class: "main", on: { click: mine } }, "Make mine on top"),
        h("button", { type: "button", on: { click: drop } }, "Drop mine"))));
    heading.focus();
  }

  async function attempt(work) {
    try {
      await work();
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      fill(place, h("p", { class: "bad", role: "alert" }, `Not done. ${problem.message}`));
    }
  }

  return { place, make, attempt };
}
