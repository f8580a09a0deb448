/** Line charts: axes, what is set as a dashed line, a readout under pointer or keys, and the table they are drawn from. */

import { moments, ticks } from "./arithmetic.js";
import { fill, h, set, svg, write } from "./dom.js";
import { minute, number, second } from "./words.js";

const HEIGHT = 168;
const EDGE = { left: 44, right: 10, top: 10, bottom: 22 };
const WIDTH = 480;
const ROWS = 120;
let charts = 0;

/**
 * `lines` are `{ name, label, set }`: `name` in each point, `set` for what an operator has set.
 * `update(points, { from, to })` draws points `{ at, … }`, null where nothing is known.
 */
export function chart({ title, unit, lines, note = null }) {
  charts += 1;
  const id = `chart-${charts}`;
  const drawing = svg("svg", { class: "drawing", role: "slider", tabindex: 0, "aria-labelledby": id, "aria-orientation": "horizontal", "aria-valuemin": 0, "aria-valuemax": 0, "aria-valuenow": 0 });
  const readout = h("p", { class: "readout" });
  const table = h("div", { class: "table-box", hidden: true, tabindex: 0, role: "region", "aria-label": `${title}, as a table` });
  const button = h("button", { type: "button", class: "small", "aria-expanded": "false", on: { click: turn } }, "Show as table");
  const keys = lines.map((line, index) => h("li", { class: `key ${line.set ? "key-set" : `key-${index}`}` }, line.label));
  const element = h("figure", { class: "chart" },
    h("figcaption", {}, h("h3", { id }, title), h("span", { class: "unit" }, unit), button),
    h("ul", { class: "keys" }, ...keys), drawing, readout, table, note && h("p", { class: "quiet" }, note));
  const state = { points: [], from: 0, to: 1, at: null };

  function turn() {
    table.hidden = !table.hidden;
    set(drawing, "class", table.hidden ? "drawing" : "drawing gone");
    readout.hidden = !table.hidden;
    set(button, "aria-expanded", String(!table.hidden));
    write(button, table.hidden ? "Show as table" : "Show as chart");
    tabulate();
  }

  function tabulate() {
    if (table.hidden) return;
    const every = Math.max(1, Math.ceil(state.points.length / ROWS));
    const rows = state.points.filter((_, index) => (state.points.length - 1 - index) % every === 0).reverse();
    fill(table, h("table", {},
      h("caption", { class: "hush" }, `${title}, ${unit}`),
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Time"), ...lines.map((line) => h("th", { scope: "col" }, line.label)))),
      h("tbody", {}, ...rows.map((point) => h("tr", {}, h("th", { scope: "row" }, second(point.at)), ...lines.map((line) => h("td", {}, number(point[line.name]))))))));
  }

  /** Draws what there is: text keeps its size, since a unit of the drawing is a pixel. */
  function draw() {
    const width = drawing.clientWidth || WIDTH;
    const { points, from, to } = state;
    const levels = ticks(Math.max(1, ...points.flatMap((point) => lines.map((line) => point[line.name] ?? 0))));
    const x = (at) => EDGE.left + ((at - from) / (to - from)) * (width - EDGE.left - EDGE.right);
    const y = (value) => HEIGHT - EDGE.bottom - (value / levels.at(-1)) * (HEIGHT - EDGE.top - EDGE.bottom);
    set(drawing, "viewBox", `0 0 ${width} ${HEIGHT}`);
    const times = moments(from, to, Math.max(2, Math.floor(width / 90)), -new Date(to).getTimezoneOffset() * 60_000);
    fill(drawing,
      ...levels.flatMap((level) => [
        svg("line", { class: "rule", x1: EDGE.left, x2: width - EDGE.right, y1: y(level), y2: y(level) }),
        svg("text", { class: "tick", x: EDGE.left - 6, y: y(level) + 4, "text-anchor": "end" }, brief(level)),
      ]),
      ...times.map((at) => svg("text", { class: "tick", x: Math.min(width - 20, Math.max(EDGE.left + 14, x(at))), y: HEIGHT - 6, "text-anchor": "middle" }, minute(at))),
      svg("line", { class: "now", x1: x(to), x2: x(to), y1: EDGE.top, y2: HEIGHT - EDGE.bottom }),
      ...lines.map((line, index) => svg("path", { class: line.set ? "line line-set" : `line line-${index}`, d: path(points, line, x, y) })));
    point(x, y);
  }

  /** Shows the point that is looked at, or the newest. */
  function point(x, y) {
    const { points } = state;
    const index = state.at === null ? points.length - 1 : nearest(points, state.at);
    const seen = points[index];
    const words = seen ? `${second(seen.at)}: ${lines.map((line) => `${line.label} ${number(seen[line.name])}`).join(", ")}` : "Nothing yet.";
    write(readout, words);
    set(drawing, "aria-valuemax", Math.max(0, points.length - 1));
    set(drawing, "aria-valuenow", Math.max(0, index));
    set(drawing, "aria-valuetext", words);
    if (!seen || state.at === null) return;
    drawing.append(svg("line", { class: "cursor", x1: x(seen.at), x2: x(seen.at), y1: EDGE.top, y2: HEIGHT - EDGE.bottom }),
      ...lines.flatMap((line, each) => (seen[line.name] === null ? [] : [svg("circle", { class: line.set ? "dot dot-set" : `dot dot-${each}`, cx: x(seen.at), cy: y(seen[line.name]), r: 3.5 })])));
  }

  function look(at) {
    state.at = at;
    draw();
  }

  drawing.addEventListener("pointermove", (event) => {
    const width = drawing.clientWidth - EDGE.left - EDGE.right;
    const across = event.clientX - drawing.getBoundingClientRect().left - EDGE.left;
    look(state.from + (across / width) * (state.to - state.from));
  });
  drawing.addEventListener("pointerleave", () => look(null));
  drawing.addEventListener("blur", () => look(null));
  drawing.addEventListener("keydown", (event) => {
    const { points } = state;
    const index = state.at === null ? points.length - 1 : nearest(points, state.at);
    const next = { ArrowLeft: index - 1, ArrowDown: index - 1, ArrowRight: index + 1, ArrowUp: index + 1, PageUp: index - 10, PageDown: index + 10, Home: 0, End: points.length - 1 }[event.key];
    if (next === undefined || !points.length) return;
    event.preventDefault();
    look(points[Math.min(points.length - 1, Math.max(0, next))].at);
  });
  const watch = new ResizeObserver(draw);
  watch.observe(element);

  return {
    element,
    update(points, { from, to }) {
      Object.assign(state, { points, from, to });
      draw();
      tabulate();
    },
  };
}

const brief = (value) => (value >= 10_000 ? `${number(value / 1_000)}k` : number(value));

function nearest(points, at) {
  let best = 0;
  points.forEach((point, index) => { if (Math.abs(point.at - at) < Math.abs(points[best].at - at)) best = index; });
  return best;
}

/** A path that breaks off where nothing is known. What is set holds until it is changed, and so goes in steps. */
function path(points, line, x, y) {
  let on = false;
  return points.map((point) => {
    const value = point[line.name] ?? null;
    if (value === null) {
      on = false;
      return "";
    }
    const across = x(point.at).toFixed(1);
    const part = `${line.set && on ? `H${across}` : ""}${on ? "L" : "M"}${across},${y(value).toFixed(1)}`;
    on = true;
    return part;
  }).join("");
}
