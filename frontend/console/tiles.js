/** The figures of one line as it is now. */

import { endedOf, lineEndsIn, waitedOf } from "./arithmetic.js";
import { clock } from "./api.js";
import { h, set, write } from "./dom.js";
import { duration, moment, NOTHING, number, plural, range, share } from "./words.js";

const TILES = [
  ["waiting", "In the line"], ["end", "Estimated end of the line"], ["joining", "Wait for who joins now"], ["waited", "Waited by who is called now"],
  ["arrivals", "Arrivals, last minute"], ["admissions", "Let in, last minute"], ["active", "Active now"], ["session", "A session takes"],
  ["completed", "Completed"], ["noshow", "No-shows"], ["left", "Left"], ["errors", "Refused by the API"],
];

export function tiles() {
  const shown = Object.fromEntries(TILES.map(([name]) => [name, { big: h("dd", { class: "big" }, NOTHING), small: h("dd", { class: "small-print" }), bar: h("span", { class: "level", "aria-hidden": "true" }, h("span")) }]));
  const element = h("dl", { class: "tiles" }, ...TILES.map(([name, label]) => h("div", { class: `tile tile-${name}` },
    h("dt", {}, label), shown[name].big, shown[name].small, ["admissions", "active"].includes(name) && h("dd", { class: "level-box" }, shown[name].bar))));

  function put(name, big, small = "") {
    write(shown[name].big, big);
    write(shown[name].small, small);
  }

  function level(name, value, of) {
    const part = value === null || !of ? 0 : Math.min(1, value / of);
    shown[name].bar.firstChild.style.inlineSize = `${(part * 100).toFixed(1)}%`;
    set(shown[name].bar, "data-full", part >= 1);
  }

  return {
    element,
    show({ told, policy, samples, errors }) {
      const now = clock.now();
      put("waiting", number(told.waiting), `${plural(told.arrived, "person", "people")} joined so far`);
      put("end", ...endWords(told, policy, now));
      put("joining", told.estimated_wait_seconds ? range(told.estimated_wait_seconds) : NOTHING, told.estimated_wait_seconds ? "" : "Nobody is let in.");
      const waited = waitedOf(samples, told.serving, now);
      put("waited", duration(waited), told.serving ? `Position ${number(told.serving)} was called last.` : "Nobody was called yet.");
      put("arrivals", number(told.arrivals_last_minute));
      put("admissions", number(told.admissions_last_minute), `of ${number(told.rate_per_minute)} a minute set`);
      put("active", number(told.active), `of ${number(told.max_active)} at once set`);
      level("admissions", told.admissions_last_minute, told.rate_per_minute);
      level("active", told.active, told.max_active);
      put("session", duration(told.average_session_seconds), `on average lately; ${duration(told.session_seconds)} are given`);
      const { ended, bought, noShow } = endedOf(told);
      put("completed", number(told.completed), ended ? `${share(bought)} of ${plural(ended, "ended session", "ended sessions")}` : "No session has ended.");
      put("noshow", number(told.expired), ended ? `${share(noShow)} ran out without a purchase` : "");
      put("left", number(told.left), "the line, or gave a session back");
      put("errors", ...errorWords(errors));
    },
  };
}

function endWords(told, policy, now) {
  if (!told.waiting) return [NOTHING, "Nobody waits."];
  if (["paused", "closed"].includes(told.phase)) return [NOTHING, "Nobody is let in."];
  const startIn = Math.max(0, Date.parse(policy.sale_starts_at) - now) / 1_000;
  const seconds = lineEndsIn({ waiting: told.waiting, active: told.active, rate: told.rate_per_minute, cap: told.max_active, session: told.average_session_seconds ?? told.session_seconds, startIn });
  const late = now + seconds * 1_000 > Date.parse(policy.closes_at);
  return [moment(now + seconds * 1_000, now), late ? "After the onsale closes: not all will be let in." : `in ${duration(seconds)}`];
}

function errorWords(errors) {
  const last = errors?.minutes.at(-1);
  if (!last) return [NOTHING, "CloudWatch has told nothing yet."];
  return [number(last.refused + last.failed), `of ${number(last.requests)} at ${moment(Date.parse(last.at), clock.now())}; ${number(last.throttled)} were 429, ${number(last.failed)} were 5xx`];
}
