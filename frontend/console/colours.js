/** Colours that can be read, by WCAG: what `…/domain/branding.py` accepts, said before it is sent. */

const INKS = [["White", "#ffffff"], ["Nearly black", "#171a26"]];
const LEAST = 4.5;
const STEPS = 50;

const channels = (hex) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
const linear = (channel) => (channel <= 10.31475 ? channel / 3_294.6 : ((channel / 255 + 0.055) / 1.055) ** 2.4);

function luminance(hex) {
  const [r, g, b] = channels(hex).map(linear);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** The contrast of two colours, 1 to 21. */
export function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

const best = (colour) => INKS.map(([name, ink]) => ({ name, ink, ratio: contrast(colour, ink) })).reduce((one, other) => (other.ratio > one.ratio ? other : one));

/** Whether text can be read on `colour`: `fits`, the `ink` to write with, and `words`; `nearest` is what would do instead. */
export function verdict(colour) {
  if (colour === "") return { fits: true, ink: null, words: "No colour: the page keeps its own." };
  if (!/^#[0-9a-f]{6}$/i.test(colour)) return { fits: false, ink: null, words: "A colour is # and six digits from 0 to f, such as #4338ca." };
  const { name, ink, ratio } = best(colour);
  if (ratio >= LEAST) return { fits: true, ink, words: `${name} can be read on it: ${ratio.toFixed(1)} to 1.` };
  const floor = Math.floor(ratio * 10) / 10;
  return { fits: false, ink: null, nearest: nearest(colour), words: `Neither white nor nearly black can be read on it: ${floor.toFixed(1)} to 1 at best, where ${LEAST} is needed.` };
}

/** The colour nearest to this one that text can be read on, darker or lighter. */
function nearest(colour) {
  for (let step = 1; step <= STEPS; step += 1) {
    const found = [0, 255].map((end) => mixed(colour, end, step / STEPS)).find((each) => best(each).ratio >= LEAST);
    if (found) return found;
  }
  return INKS[1][1];
}

const mixed = (colour, end, part) => `#${channels(colour).map((from) => Math.round(from + (end - from) * part).toString(16).padStart(2, "0")).join("")}`;
