/** What the console makes of the numbers it is told: pure functions, so that they can be tested by themselves. */

const MINUTE_MS = 60_000;
export const STALE_SECONDS = 5;

/**
 * Whole seconds until the last of those who wait now is let in, as `line_ends_in` of domain/estimate.py.
 * The rate lets so many in a minute; the cap lets those in for whom a slot is free, then one as each session ends.
 */
export function lineEndsIn({ waiting, active, rate, cap, session, startIn = 0 }) {
  const byRate = Math.ceil((waiting * 60_000) / rate);
  const byCap = Math.ceil((Math.max(0, waiting + active - cap) * session * 1_000) / cap);
  return startIn + Math.ceil(Math.max(byRate, byCap) / 1_000);
}

/** Which of the two decides: "rate" or "cap". */
export function limitOf({ waiting, active, rate, cap, session }) {
  return (waiting * 60) / rate >= (Math.max(0, waiting + active - cap) * session) / cap ? "rate" : "cap";
}

/** Sessions that are over, and how they ended. The rest gave theirs back. `noShow` is a share, null while none is over. */
export function endedOf({ admitted, active, completed, expired }) {
  const ended = Math.max(completed + expired, admitted - active);
  return { ended, bought: ended ? completed / ended : null, noShow: ended ? expired / ended : null };
}

/** Seconds that whoever is called now has waited: since the line's last number was theirs. Null where no sample tells. */
export function waitedOf(samples, serving, now) {
  if (!serving || !samples.length || samples[0].issued >= serving) return null;
  const joined = samples.find((sample) => sample.issued >= serving);
  return joined ? Math.max(0, (now - joined.at) / 1_000) : null;
}

/**
 * What happened between each two samples, by the minute. A new epoch counts from nothing; a gap stays one: samples are to
 * be `every` ms apart.
 */
export function perMinute(samples, names) {
  const spans = samples.slice(1).map((later, index) => [samples[index], later]);
  return spans.map(([a, b]) => {
    const torn = b.at - a.at > 3 * Math.max(a.every, b.every);
    const rate = (name) => ((b[name] - (a.epoch === b.epoch || name === "arrived" ? a[name] : 0)) * MINUTE_MS) / (b.at - a.at);
    return { at: b.at, ...Object.fromEntries(names.map((name) => [name, torn ? null : Math.max(0, rate(name))])) };
  });
}

/** Averages over the minute before each point, so that a line can be read; a gap stays one. */
export function smoothed(points, names) {
  let first = 0;
  return points.map((point, index) => {
    while (points[first].at <= point.at - MINUTE_MS) first += 1;
    const near = points.slice(first, index + 1);
    const mean = (name) => near.reduce((sum, each) => sum + each[name], 0) / near.length;
    return { at: point.at, ...Object.fromEntries(names.map((name) => [name, near.some((each) => each[name] === null) ? null : mean(name)])) };
  });
}

/** The whole in wide steps, and what is known of its end in narrow ones. */
export const finer = (wide, narrow) => (narrow.length ? [...wide.filter((sample) => sample.at < narrow[0].at), ...narrow] : wide);

/** Samples and those that came since, each moment once, none older than `from`. */
export function joined(samples, more, from) {
  const last = samples.length ? samples.at(-1).at : 0;
  return [...samples, ...more.filter((sample) => sample.at > last)].filter((sample) => sample.at >= from);
}

/** How a line does: `level` is "good", "watch" or "bad", `words` say why. `age` in seconds, null before the first tick. */
export function healthOf(told, age) {
  if (told.phase === "closed") return { level: "idle", words: "Closed." };
  if (told.phase === "scheduled" && age === null) return { level: "idle", words: "Not open yet." };
  if (age === null) return { level: "bad", words: "The line is not kept: no tick yet." };
  if (age > STALE_SECONDS) return { level: "bad", words: `The last tick was ${Math.round(age)} s ago: nobody is let in.` };
  if (told.phase === "paused") return { level: "watch", words: "Paused: nobody is let in." };
  return waking(told) ?? { level: "good", words: "All is well." };
}

const FEW_ENDED = 20;
const HALF = 0.5;

function waking(told) {
  const { ended, noShow } = endedOf(told);
  const idle = told.phase === "on_sale" && told.waiting > 0 && told.active < told.max_active && told.admissions_last_minute === 0;
  if (idle) return { level: "bad", words: "People wait and slots are free, but nobody was let in for a minute." };
  if (ended >= FEW_ENDED && noShow > HALF) return { level: "watch", words: "More than half of the sessions run out unused." };
  return told.phase === "on_sale" && told.waiting > 0 && told.active >= told.max_active ? { level: "good", words: "At the cap: each slot that frees is filled." } : null;
}

/** Round numbers from 0 to at least `most`, about `many` steps. */
export function ticks(most, many = 4) {
  const rough = Math.max(1, most) / many;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, [1, 2, 5, 10].find((each) => each * power >= rough) * power);
  return Array.from({ length: Math.ceil(Math.max(1, most) / step) + 1 }, (_, index) => index * step);
}

/** Round moments between two, in the zone that is `offset` ms ahead of UTC, about `many`. */
export function moments(from, to, many, offset) {
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1_440].map((minutes) => minutes * MINUTE_MS);
  const step = steps.find((each) => (to - from) / each <= many) ?? Math.ceil((to - from) / many / steps.at(-1)) * steps.at(-1);
  const first = Math.ceil((from + offset) / step) * step - offset;
  return Array.from({ length: Math.max(0, Math.floor((to - first) / step) + 1) }, (_, index) => first + index * step);
}

/** The phases in time: each with its beginning, end and share of the whole. Null for times that make no order. */
export function timeline({ lobby, sale, closes }) {
  if (![lobby, sale, closes].every(Number.isFinite) || sale < lobby || closes <= sale) return null;
  const phases = [
    { phase: "lobby", from: lobby, to: sale },
    { phase: "on_sale", from: sale, to: closes },
  ];
  return phases.map((part) => ({ ...part, share: (part.to - part.from) / (closes - lobby) }));
}

/** What others changed after `version`, newest first. `versions` as the trail has them. */
export const since = (versions, version) => versions.filter((each) => each.version > version);

/** Those of `values` that differ from what is known. */
export function changed(values, known) {
  return Object.fromEntries(Object.entries(values).filter(([name, value]) => value !== known[name]));
}
