/** The charts of one line over time. */

import { joined, perMinute, smoothed } from "./arithmetic.js";
import { chart } from "./chart.js";
import { h } from "./dom.js";

const SPANS = [["15", "15 minutes"], ["60", "1 hour"], ["240", "4 hours"], ["0", "All of it"]];
const MOVING = ["arrived", "admitted", "completed", "expired", "left"];
const SHELF = "fairline:console:span";

export function charts() {
  const made = {
    line: chart({ title: "Length of the line", unit: "people", lines: [{ name: "waiting", label: "In the line" }] }),
    flow: chart({ title: "Arrivals and admissions", unit: "a minute", lines: [{ name: "admitted", label: "Let in" }, { name: "arrived", label: "Arrived" }, { name: "rate_per_minute", label: "Rate set", set: true }] }),
    active: chart({ title: "Active sessions", unit: "at once", lines: [{ name: "active", label: "Active" }, { name: "max_active", label: "Cap set", set: true }] }),
    ended: chart({ title: "How sessions end", unit: "a minute", lines: [{ name: "completed", label: "Completed" }, { name: "expired", label: "No-shows" }, { name: "left", label: "Left" }] }),
    errors: chart({ title: "Requests refused", unit: "a minute, all onsales", lines: [{ name: "failed", label: "5xx" }, { name: "throttled", label: "429" }, { name: "others", label: "Other 4xx" }], note: "From CloudWatch, which is a minute or two behind." }),
  };
  const choice = h("select", { id: "span", on: { change: chosen } }, ...SPANS.map(([value, label]) => h("option", { value }, label)));
  choice.value = sessionStorage.getItem(SHELF) ?? "60";
  const element = h("section", { class: "charts", "aria-labelledby": "charts" },
    h("div", { class: "charts-head" }, h("h2", { id: "charts" }, "Over time"), h("label", { for: "span" }, "Show"), choice),
    ...Object.values(made).map((each) => each.element));
  let seen = null;

  function chosen() {
    sessionStorage.setItem(SHELF, choice.value);
    if (seen) show(seen);
  }

  function show(model) {
    seen = model;
    const { samples, errors, now, told } = model;
    const span = Number(choice.value) * 60_000;
    const from = Math.max(span ? now - span : 0, samples[0]?.at ?? now);
    const within = samples.filter((sample) => sample.at >= from - 60_000);
    const times = { from: Math.min(from, now - 60_000), to: now };
    const shown = (points) => points.filter((point) => point.at >= times.from);
    const moving = smoothed(perMinute(within, MOVING), MOVING);
    const set = new Map(within.map((sample) => [sample.at, sample.rate_per_minute]));
    const flow = moving.map((point) => ({ ...point, rate_per_minute: set.get(point.at) }));
    const standing = told?.updated_at ? joined(within, [{ ...told, at: Date.parse(told.updated_at) }], 0) : within;
    made.line.update(shown(standing), times);
    made.active.update(shown(standing), times);
    made.flow.update(shown(flow), times);
    made.ended.update(shown(moving), times);
    made.errors.update(shown(refused(errors)), times);
  }

  return { element, show };
}

const refused = (errors) => (errors?.minutes ?? []).map(({ at, failed, throttled, refused: all }) => ({ at: Date.parse(at), failed, throttled, others: Math.max(0, all - throttled) }));
