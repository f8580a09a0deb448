/**
 * What the first view needs, in one file, since each file is a request at the busiest minute of the year:
 * the server's clock, calls, the place this browser holds, what is shown, and the way in.
 * The other modules import from here and are fetched once somebody joins.
 */

/* The server's clock. Every deadline on this page is read against it, never against the device's own. */

let offset = 0;

export const clock = {
  now: () => Date.now() + offset,
  learn: (serverTime, sent, received) => { offset = Date.parse(serverTime) - (sent + received) / 2; },
};

export const sleep = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

/* Calls: each with a timeout, each retry bounded, no sooner than the server asks, with back-off and jitter. */

const CALL_MS = 10_000;
const LONGEST_SLEEP_MS = 60_000;
const COME_BACK = [429, 503];
const TRY_AGAIN = [0, 500, 502, 504];

/** A call that failed. `status` is 0 if no answer came; `after` is the server's Retry-After in ms, or null. */
export class Problem extends Error {
  constructor(status, body = {}, after = null) {
    super(body.detail ?? body.title ?? "");
    Object.assign(this, { status, body, after, slug: (body.type ?? "").split(":").pop() });
  }

  /** Milliseconds to wait after the `attempt`th failure, or null if trying again cannot help. */
  pause(attempt) {
    if (this.after !== null) return this.after + Math.random() * 500;
    if (COME_BACK.includes(this.status)) return 2_000 + Math.random() * 8_000;
    return TRY_AGAIN.includes(this.status) ? Math.random() * Math.min(10_000, 500 * 2 ** attempt) : null;
  }
}

/** The JSON answer to one request, or null for 204. Throws Problem. */
export async function call(path, { tries = 3, onPause, ...request } = {}) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await once(path, request);
    } catch (problem) {
      const pause = problem.pause(attempt);
      if (pause === null || attempt >= tries || pause > LONGEST_SLEEP_MS) throw problem;
      onPause?.(pause);
      await sleep(pause);
    }
  }
}

async function once(path, { method = "GET", token, body, headers = {} }) {
  const sent = { ...headers };
  if (token) sent.authorization = `Bearer ${token}`;
  if (body) sent["content-type"] = "application/json";
  let answer;
  let text;
  try {
    const options = { method, headers: sent, cache: "no-store", signal: AbortSignal.timeout(CALL_MS) };
    answer = await fetch(path, { ...options, body: body && JSON.stringify(body) });
    text = await answer.text();
  } catch {
    reachable(false);
    throw new Problem(0);
  }
  reachable(true);
  const content = parse(text);
  if (!answer.ok) throw new Problem(answer.status, content ?? {}, retryAfter(answer.headers.get("retry-after")));
  if (content === undefined) throw new Problem(502);
  return content;
}

/** The document in `text`, null for none, undefined for something that is not JSON (a captive portal, say). */
function parse(text) {
  if (!text) return null;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function retryAfter(value) {
  if (value === null) return null;
  const ms = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - clock.now();
  return Number.isNaN(ms) ? null : Math.max(0, ms);
}

function reachable(yes) {
  const safe = place.get().token ? "Your place is safe, and this page goes on by itself" : "This page goes on by itself";
  fill({ offline: `${navigator.onLine ? "We cannot reach the line at the moment." : "You are offline."} ${safe} once we are connected.` });
  byId("offline").hidden = yes;
}

/* The place this browser holds: what makes a refresh safe. Blocked storage falls back to the history entry,
   which lives in memory and still survives a refresh of this tab. */

const query = new URLSearchParams(location.search);

/** Signing in leads back to the bare address: the sale is then named by the state that was sent along. */
export const onsaleId = query.get("onsale") ?? (query.get("state") ?? "").split(".")[1] ?? "";
export const onsalePath = `/v1/onsales/${encodeURIComponent(onsaleId)}`;
const SHELF = `fairline:${onsaleId}`;
let storageWorks = true;

export const place = {
  get() {
    try {
      if (storageWorks) return JSON.parse(localStorage.getItem(SHELF) ?? "{}");
    } catch {
      storageWorks = false;
    }
    return history.state ?? {};
  },
  set(value) {
    try {
      if (storageWorks) return localStorage.setItem(SHELF, JSON.stringify(value));
    } catch {
      storageWorks = false;
    }
    return history.replaceState(value, "");
  },
  update(changes) { this.set({ ...this.get(), ...changes }); },
};

/* What is shown. */

export const byId = (id) => document.getElementById(id);

/** Writes each text wherever its name stands; an element that may be empty is hidden while it is. */
export function fill(texts) {
  for (const [name, text] of Object.entries(texts)) {
    for (const element of document.querySelectorAll(`[data-text="${name}"]`)) {
      if (element.textContent !== text) element.textContent = text;
      if (element.matches("p.lead, .notice, .bad")) element.hidden = !text;
    }
  }
}

/** Shows one view. Focus moves for the turn, and when the view that goes takes the focused button with it. */
export function show(name, { title = "", focus = false } = {}) {
  document.title = [title, onsale?.name ?? "Waiting room"].filter(Boolean).join(" · ");
  const next = document.querySelector(`[data-view="${name}"]`);
  if (!next.hidden) return;
  const orphaned = document.activeElement?.closest("[data-view]");
  for (const view of document.querySelectorAll("[data-view]")) view.hidden = view !== next;
  if (focus || orphaned) next.querySelector("h1").focus();
}

/** Says something to screen readers: politely, or at once for the turn. */
export function announce(text, region = "polite") { if (byId(region).textContent !== text) byId(region).textContent = text; }

const LANGUAGE = navigator.languages.find((tag) => tag.startsWith("en")) ?? "en-GB";
const DAY = new Intl.DateTimeFormat(LANGUAGE, { weekday: "long", day: "numeric", month: "long", hour: "numeric", minute: "2-digit", timeZoneName: "short" });
const HOUR = new Intl.DateTimeFormat(LANGUAGE, { hour: "numeric", minute: "2-digit", second: "2-digit" });
export const number = (n) => n.toLocaleString(LANGUAGE);
export const money = ({ amount, currency }) => (amount / 100).toLocaleString(LANGUAGE, { style: "currency", currency });
const MINUTE = new Intl.DateTimeFormat(LANGUAGE, { hour: "numeric", minute: "2-digit" });
export const minuteOf = (iso) => MINUTE.format(new Date(iso));
export const hourOf = (iso) => HOUR.format(new Date(iso));
export const dayOf = (iso) => DAY.format(new Date(iso));

/** `1:02:03`, `2:03`; days in front if there are any; to the nearest second. */
export function countdown(ms) {
  const s = Math.max(0, Math.round(ms / 1_000));
  const [days, hours, minutes] = [Math.floor(s / 86_400), Math.floor(s / 3_600) % 24, Math.floor(s / 60) % 60];
  const two = (n) => String(n).padStart(2, "0");
  const short = hours || days ? `${hours}:${two(minutes)}` : String(minutes);
  return `${days ? `${days} d ` : ""}${short}:${two(s % 60)}`;
}

/** What this page does now: `everySecond` while it is shown, `again` when it wakes or is told to. */
export const doing = { everySecond: () => {}, again: () => enter() };
export const actions = { again: () => doing.again() };

/* The way in. */

export let onsale = null;

async function readOnsale(tries) {
  const sent = Date.now();
  onsale = await call(onsalePath, { tries });
  clock.learn(onsale.server_time, sent, Date.now());
  fill({ name: onsale.name, "lobby-at": dayOf(onsale.lobby_opens_at), "sale-at": dayOf(onsale.sale_starts_at) });
}

/** The onsale's phase; that the lobby has opened is known by the clock alone. */
const phase = () => (onsale.phase === "scheduled" && clock.now() >= Date.parse(onsale.lobby_opens_at) ? "lobby" : onsale.phase);

/** Reads the sale and goes where this browser belongs: to its place, or to the door. */
export async function enter() {
  if (!onsaleId) return show("unknown");
  try {
    await readOnsale(4);
  } catch (problem) {
    return problem.status === 404 ? show("unknown") : failed(problem);
  }
  const { token, offered } = place.get();
  if (token && offered && offered !== token) return show("which");
  if (token) place.update({ offered: undefined });
  else if (offered) place.set({ token: offered });
  if (token || offered) return load("./waiting.js", "follow");
  return door();
}

function door() {
  doing.everySecond = () => {};
  if (query.has("state")) return load("./sign-in.js", "finish", query);
  if (phase() === "closed") return show("closed");
  doing.again = enter;
  if (phase() !== "scheduled") return place.get().intends ? actions.join() : showJoin();
  const { intends = false } = place.get();
  byId("ask").hidden = intends;
  byId("intending").hidden = !intends;
  fill({ "until-lobby": countdown(Date.parse(onsale.lobby_opens_at) - clock.now()) });
  doing.everySecond = untilLobby;
  return show("soon");
}

/** Who has signed in on this page, where the sale asks for it. */
export const signedIn = { token: null };

let readAgainAt = Date.now() + 60_000;

function untilLobby() {
  fill({ "until-lobby": countdown(Date.parse(onsale.lobby_opens_at) - clock.now()) });
  if (phase() !== "scheduled") {
    doing.everySecond = () => {};
    doing.again = () => {};
    setTimeout(door, Math.random() * 1_000);
  } else if (Date.now() > readAgainAt) {
    readAgainAt = Date.now() + 45_000 + Math.random() * 30_000;
    readOnsale(1).then(door, () => {});
  }
}

function showJoin() {
  const lobby = phase() === "lobby";
  fill({
    "join-title": lobby ? "The line is open" : "The sale is on",
    "join-lead": lobby ? `Take your place now. The sale starts ${dayOf(onsale.sale_starts_at)}.` : "Take your place in line, and we let you in when it is your turn.",
  });
  show("join");
}

/** Calls `name` of a module that is fetched only now. */
export async function load(module, name, ...args) {
  let loaded;
  try {
    loaded = await import(module);
  } catch {
    return failed(new Problem(0), () => location.reload());
  }
  return loaded[name](...args);
}

/** Says what went wrong and offers the way forward: `again`, by button or by itself once the device is back. */
export function failed(problem, again = enter) {
  doing.again = again;
  fill({ error: problem.message || "We could not reach the waiting room. Please check your connection and try again." });
  byId("safe").hidden = !place.get().token;
  show("error");
}

function intend(intends) {
  place.update({ intends });
  door();
}

actions.intend = () => { intend(true); import("./joining.js").catch(() => {}); };
actions.unintend = () => intend(false);
actions.join = () => { doing.everySecond = () => {}; load("./joining.js", "join"); };
actions.keep = () => { place.update({ offered: undefined }); enter(); };
actions.adopt = () => { place.set({ token: place.get().offered }); enter(); };

/** Takes a place handed over in the address's fragment, and the fragment out of the address bar; whether there was one. */
function takeHandedOver() {
  const token = new URLSearchParams(location.hash.slice(1)).get("place");
  if (!token) return false;
  history.replaceState(history.state, "", location.pathname + location.search);
  place.update({ offered: token });
  return true;
}

const awake = () => { if (!document.hidden) doing.again(); };
document.addEventListener("click", (event) => actions[event.target.closest("[data-action]")?.dataset.action]?.());
document.addEventListener("visibilitychange", awake);
addEventListener("pageshow", (event) => { if (event.persisted) awake(); });
addEventListener("online", awake);
addEventListener("offline", () => reachable(false));
addEventListener("hashchange", () => { if (takeHandedOver()) location.reload(); });
addEventListener("storage", (event) => {
  const token = (text) => JSON.parse(text ?? "{}").token;
  if (event.key === SHELF && token(event.newValue) !== token(event.oldValue)) enter();
});
setInterval(() => doing.everySecond(), 1_000);
takeHandedOver();
enter();
