/** All onsales at a glance. */

import { healthOf } from "./arithmetic.js";
import { call, clock } from "./api.js";
import { fill, h, set, write } from "./dom.js";
import { feed } from "./feed.js";
import { pill, showPhase } from "./head.js";
import { duration, moment, NOTHING, number } from "./words.js";

const LIST_MS = 10_000;
const LOOK_MS = 2_000;
const BEFORE_MS = 2 * 60_000;
const AT_ONCE = 12;
const GROUPS = [["Live", ["on_sale", "paused", "lobby"]], ["To come", ["scheduled"]], ["Closed", ["closed"]]];

/** The view of `#/`. */
export async function listView() {
  const cards = new Map();
  const groups = GROUPS.map(([title, phases]) => {
    const list = h("ul", { class: "cards" });
    return { phases, list, section: h("section", { hidden: true }, h("h2", {}, title), list) };
  });
  const none = h("p", { hidden: true }, "There is no onsale yet. ", h("a", { href: "#/new" }, "Create the first one"), ".");
  const trouble = h("p", { class: "alarm", role: "alert" });
  const element = h("div", {}, h("h1", { tabindex: -1 }, "Onsales"), trouble, none, ...groups.map((group) => group.section));

  function show({ onsales }) {
    write(trouble, "");
    none.hidden = onsales.length > 0;
    for (const onsale of onsales) {
      if (!cards.has(onsale.onsale)) cards.set(onsale.onsale, card());
      cards.get(onsale.onsale).show(onsale);
    }
    for (const { phases, list, section } of groups) {
      const within = onsales.filter((onsale) => phases.includes(onsale.phase)).sort(bySale).map((onsale) => cards.get(onsale.onsale).element);
      if (within.some((each, index) => list.children[index] !== each) || list.children.length !== within.length) fill(list, ...within);
      section.hidden = within.length === 0;
    }
  }

  /** The figures of those that are live; of many, some at a time. */
  async function look() {
    const live = [...cards.values()].filter((each) => each.live()).sort((a, b) => a.heard - b.heard).slice(0, AT_ONCE);
    await Promise.all(live.map(async (each) => each.hear(await call(`/onsales/${encodeURIComponent(each.name)}/metrics`))));
  }

  const failed = (problem) => write(trouble, `What you see stands still. ${problem.message} The console goes on asking.`);
  show(await call("/onsales"));
  const ends = [
    feed({ ask: () => call("/onsales"), period: LIST_MS, heard: show, failed }),
    feed({ ask: look, period: LOOK_MS, heard: () => write(trouble, ""), failed }),
  ];
  return { element, title: "Onsales", stop: () => ends.forEach((end) => end()) };
}

const bySale = (a, b) => Date.parse(a.sale_starts_at) - Date.parse(b.sale_starts_at);

function card() {
  const phase = pill("");
  const link = h("a", {});
  const health = h("p", { class: "health" });
  const facts = [["In the line", h("dd")], ["Let in, last minute", h("dd")], ["Active", h("dd")]];
  const next = h("p", { class: "quiet" });
  const figures = h("dl", { hidden: true }, ...facts.map(([label, value]) => h("div", {}, h("dt", {}, label), value)));
  const element = h("li", { class: "card" }, h("div", { class: "card-head" }, h("h3", {}, link), phase), health, figures, next);
  let onsale = null;

  return {
    element,
    heard: 0,
    get name() { return onsale.onsale; },
    live: () => onsale.phase !== "closed" && Date.parse(onsale.lobby_opens_at) - BEFORE_MS < clock.now(),
    show(known) {
      onsale = known;
      write(link, known.name);
      set(link, "href", `#/onsale/${known.onsale}`);
      showPhase(phase, known.phase);
      write(next, nextWords(known, clock.now()));
      if (!this.live()) hearing(known.phase === "closed" ? { level: "idle", words: "Over." } : { level: "idle", words: "Not open yet." });
    },
    hear(told) {
      this.heard = Date.now();
      showPhase(phase, told.phase);
      hearing(healthOf(told, told.status_age_seconds));
      figures.hidden = false;
      const values = [number(told.waiting), `${number(told.admissions_last_minute)} of ${number(told.rate_per_minute)}`, `${number(told.active)} of ${number(told.max_active)}`];
      facts.forEach(([, value], index) => write(value, values[index] ?? NOTHING));
    },
  };

  function hearing({ level, words }) {
    set(health, "data-level", level);
    write(health, words);
  }
}

/** What happens next, and when. */
function nextWords(onsale, now) {
  const steps = [["Lobby opens", onsale.lobby_opens_at], ["Sale starts", onsale.sale_starts_at], ["Closes", onsale.closes_at]].map(([words, at]) => [words, Date.parse(at)]);
  const [words, at] = steps.find(([, each]) => each > now) ?? ["Closed", steps[2][1]];
  if (onsale.closed) return `Closed by hand; was to close ${moment(steps[2][1], now)}.`;
  return at > now ? `${words} ${moment(at, now)}, in ${duration((at - now) / 1_000)}.` : `${words} ${moment(at, now)}.`;
}
