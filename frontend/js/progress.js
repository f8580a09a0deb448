/** How the way to the front is shown: it moves smoothly from what was shown to what was told, and never back. */

import { byId, fill, number, say } from "./page.js";

const COUNT_MS = 1_200;
const still = matchMedia("(prefers-reduced-motion: reduce)");
let shown = null;
let frame = null;

/** Shows `ahead` of the `most` there ever were; the bar takes until the next update in `ms` to get there. */
export function move(ahead, most, ms) {
  const bar = byId("progress");
  bar.style.setProperty("--glide", `${Math.round(ms)}ms`);
  bar.value = most > 0 ? (100 * (most - ahead)) / most : 100;
  cancelAnimationFrame(frame);
  if (shown === null || ahead > shown || still.matches || document.hidden) return write(ahead);
  return count(shown, ahead, performance.now());
}

/** Counts down to what was told. The reader's own device draws this; nobody is asked for it. */
function count(from, to, start) {
  const part = Math.min(1, (performance.now() - start) / COUNT_MS);
  write(Math.round(from - (from - to) * (1 - (1 - part) ** 3)));
  if (part < 1) frame = requestAnimationFrame(() => count(from, to, start));
}

function write(ahead) {
  shown = ahead;
  fill({ ahead: number(ahead), "ahead-words": ahead ? say("people", { n: ahead }) : say("next") });
}
