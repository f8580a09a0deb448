/**
 * Every state of a sale's own page, for its organiser to see before the night: `?onsale=NAME&preview=STATE`.
 * Name, times and branding are the sale's. Everything else is made up here, in place of the network: nobody joins, and
 * the place that this browser may hold is not touched.
 */

import { actions, clock, enter, onsaleId, onsalePath, place, say, show } from "./page.js";

const MINUTE = 60_000;
const CALLED = 51_000;
const WAITING = { standing: "waiting", phase: "on_sale" };
const ADMITTED = { ...WAITING, standing: "admitted", ahead: 0 };
const SHOPPING = { ...ADMITTED, entered: true };
const ORDER = { order: "FL-2041", seat: "C-11" };

const STATES = {
  unknown: { fails: 404 },
  before: { phase: "scheduled" },
  open: { phase: "lobby" },
  door: { phase: "on_sale" },
  joining: { phase: "on_sale", busy: true, click: "join" },
  lobby: { ...WAITING, phase: "lobby", ahead: 4_127 },
  far: { ...WAITING, ahead: 18_432, most: 41_900 },
  near: { ...WAITING, ahead: 37, most: 9_400 },
  paused: { ...WAITING, phase: "paused", ahead: 812, most: 2_900, notice: "sample-reason" },
  turn: ADMITTED,
  shop: SHOPPING,
  held: { ...SHOPPING, seat: "C-11" },
  ending: { ...SHOPPING, seat: "C-11", seconds: 45 },
  missed: { ...ADMITTED, standing: "expired" },
  bought: { ...ADMITTED, standing: "completed", order: ORDER },
  leaving: { ...WAITING, ahead: 812, most: 2_900, click: "leave" },
  left: { ...WAITING, standing: "left" },
  moved: { ...WAITING, superseded: true },
  which: { ...WAITING, offered: "another", ahead: 812 },
  closed: { phase: "closed" },
  "sold-out": { phase: "closed", notice: "sample-sold-out" },
  offline: { ...WAITING, ahead: 812, most: 2_900, offline: true },
  error: { fails: 400 },
};

const network = window.fetch.bind(window);
let now = null;
let until = 0;

/** Shows the page in the state called `name`, or what states there are. */
export function begin(name) {
  mark();
  now = Object.hasOwn(STATES, name) ? { phase: "on_sale", ...STATES[name] } : null;
  if (!now) return list();
  window.fetch = answer;
  window.WebSocket = class { static OPEN = 1; send() {} close() {} };
  until = Date.now() + (now.seconds ?? 180) * 1_000;
  place.set(held());
  if (now.click) clickWhenShown();
  return enter();
}

function held() {
  const { standing, offered, most, entered, order } = now;
  if (!standing) return {};
  const position = CALLED + 1 + (now.ahead ?? 0);
  return { token: "preview", position, offered, most, least: most && now.ahead, entered: entered && position, order };
}

function clickWhenShown() {
  const waiting = setInterval(() => {
    const button = [...document.querySelectorAll(`[data-action="${now.click}"]`)].find((each) => each.checkVisibility());
    if (!button) return;
    clearInterval(waiting);
    button.click();
  }, 50);
}

/* What is answered in place of the network. */

const reply = (body, status = 200, headers = {}) => new Response(JSON.stringify(body), { status, headers });
const problem = (slug, status, headers) => reply({ type: `urn:fairline:problem:${slug}` }, status, headers);

async function answer(path, { method = "GET", body } = {}) {
  const asked = new URL(path, location.href).pathname;
  if (asked === onsalePath) return now.fails ? problem("unknown-onsale", now.fails) : describe(path);
  const part = asked.startsWith(`${onsalePath}/`) ? asked.slice(onsalePath.length + 1) : "status";
  const found = ANSWERS[`${method} ${part}`];
  return found ? found(body && JSON.parse(body)) : problem("not-found", 404);
}

/** The sale as it is, at a time at which the state could be seen. */
async function describe(path) {
  const real = await network(path);
  if (!real.ok) return real;
  const known = await real.json();
  const later = (iso, least) => new Date(Math.max(Date.parse(iso), least)).toISOString();
  const at = Date.parse(known.server_time);
  const opens = now.phase === "scheduled" ? later(known.lobby_opens_at, at + 167 * MINUTE) : known.lobby_opens_at;
  const starts = ["scheduled", "lobby"].includes(now.phase) ? later(known.sale_starts_at, Math.max(Date.parse(opens), at) + 12 * MINUTE) : known.sale_starts_at;
  return reply({ ...known, phase: now.phase, lobby_opens_at: opens, sale_starts_at: starts, identity: "guest" });
}

const session = () => ({ access_token: "preview", session_expires_at: new Date(until).toISOString(), booking_url: `${onsalePath}/booking`, extension_available: !now.extended });

function standing() {
  if (now.superseded) return problem("superseded", 410);
  if (now.standing === "admitted" && Date.now() > until) now.standing = "expired";
  return reply({
    visitor_token: "preview",
    position: CALLED + 1 + (now.ahead ?? 0),
    ahead: now.ahead ?? 0,
    state: now.standing,
    epoch: 1,
    poll_after_seconds: 5,
    ...(now.standing === "admitted" ? session() : {}),
  });
}

function status() {
  if (now.offline) throw new TypeError("offline");
  const notice = now.notice ? say(now.notice) : null;
  return reply({ epoch: 1, phase: now.phase, serving: CALLED, skipped: [], rate_per_minute: 600, notice, updated_at: new Date(clock.now()).toISOString() });
}

function register() {
  if (now.busy) return problem("unavailable", 503, { "retry-after": "8" });
  now = { ...WAITING, phase: now.phase, ahead: 4_127 };
  return standing();
}

function extend() {
  [now.extended, until] = [true, until + 180_000];
  return standing();
}

const ROWS = [..."ABCDEFGHJKLM"];
const WIDTH = 20;
const taken = () => ROWS.flatMap((row, at) => Array.from({ length: WIDTH }, (_, seat) => (((at * 7 + seat * 5) % 11) + at < 9 ? `${row}-${seat + 1}` : ""))).filter((seat) => seat && seat !== now.seat);

function house() {
  const yours = now.seat ? { seat: now.seat, state: "held", held_until: new Date(until).toISOString() } : null;
  return reply({ rows: ROWS, seats_per_row: WIDTH, price: { amount: 4_500, currency: "EUR" }, taken: taken(), yours });
}

function buy() {
  now.standing = "completed";
  return reply({ ...ORDER, seat: now.seat }, 201);
}

const ANSWERS = {
  "GET status": status,
  "POST registrations": register,
  "GET place": standing,
  "DELETE place": () => { now.standing = "left"; return new Response(null, { status: 204 }); },
  "POST place/extension": extend,
  "GET booking/seats": house,
  "POST booking/holds": ({ seat }) => { now.seat = seat; return house(); },
  "POST booking/purchases": buy,
};

/* What says that it is a preview, and leads to the others. */

function element(name, changes, ...children) {
  const made = Object.assign(document.createElement(name), changes);
  made.append(...children);
  return made;
}

function address(state) {
  const query = new URLSearchParams(location.search);
  query.set("preview", state);
  return `?${query}`;
}

function mark() {
  const all = element("a", { href: address("all"), textContent: say("all-states") });
  document.querySelector("main").prepend(element("p", { className: "bar preview" }, `${say("preview")} `, all));
}

function list() {
  const links = Object.keys(STATES).map((state) => element("li", {}, element("a", { href: address(state), textContent: state })));
  const title = element("h1", { tabIndex: -1, textContent: say("all-states") });
  const view = element("section", { className: "card", hidden: true }, title, element("ul", { className: "states", lang: "en", dir: "ltr" }, ...links));
  view.dataset.view = "states";
  document.querySelector("main").append(view);
  actions.again = () => {};
  show("states", { title: onsaleId });
}
