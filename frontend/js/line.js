/** What the status document means to one place: people ahead, the wait, when to ask again. Pure functions. */

import { say } from "./page.js";

const NEAR_AHEAD = 200;
const NEAR_SECONDS = 60;
const MILESTONES = [0, 1, 2, 5, 10, 20, 50, 100, 200, 500];

/** How many stand between `serving` and `position`, positions never issued (`skipped`, inclusive) left out. */
export function aheadOf(position, { serving, skipped = [] }) {
  const never = skipped.reduce((sum, [from, to]) => sum + Math.max(0, Math.min(to, position - 1) - Math.max(from, serving + 1) + 1), 0);
  return Math.max(0, position - 1 - serving - never);
}

/** People a minute that were really called between two samples `{at, serving}` of the line, or null if too close. */
export function paceOf(first, last) {
  const ms = last.at - first.at;
  return ms >= 15_000 ? ((last.serving - first.serving) * 60_000) / ms : null;
}

/** The wait in seconds: at best the operator's rate, at worst the pace seen so far. */
export function waitOf(ahead, { ratePerMinute, pace, untilStart }) {
  const best = ((ahead + 1) * 60) / Math.max(1, ratePerMinute);
  const worst = pace > 0 ? Math.min(((ahead + 1) * 60) / pace, best * 20) : best;
  return { low: untilStart + best, high: untilStart + Math.max(worst, best * 1.3) };
}

export const isNear = (ahead, low) => ahead < NEAR_AHEAD || low < NEAR_SECONDS;

/** Milliseconds to the next look at the status: a twentieth of the wait, 5 s to 60 s, and 2 s near the front. */
export function nextLook(ahead, low) {
  const seconds = isNear(ahead, low) ? (low > 120 ? 5 : 2) : Math.min(60, Math.max(5, low / 20));
  return seconds * 1_000 * (0.85 + Math.random() * 0.3);
}

/** A range in words, in the unit that suits its upper end; whoever waits long is not told to the minute. */
export function waitWords({ low, high }) {
  if (high < 60) return say("less");
  const [size, unit] = high < 5_400 ? [60, "minutes"] : [3_600, "hours"];
  const step = high >= 1_200 && high < 5_400 ? 5 : 1;
  const from = Math.max(1, Math.floor(low / size / step) * step);
  const n = Math.ceil(high / size / step) * step;
  return from === n ? say(unit, { n }) : say(`${unit}-range`, { from, n });
}

/** The milestone that `ahead` has passed: what a screen reader is told, once each. */
export function milestoneOf(ahead) {
  return MILESTONES.find((step) => ahead <= step) ?? Math.ceil(ahead / 1_000) * 1_000;
}
