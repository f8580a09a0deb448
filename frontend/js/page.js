/**
 * What the first view needs, in one file, since each file is a request at the busiest minute of the year:
 * words, the server's clock, calls, the place this browser holds, what is shown, and the way in.
 * The other modules import from here and are fetched once somebody joins.
 */

/* The language of this page, whose words came with it. Numbers and times follow the reader's own variety of it. */

export const { lang } = document.documentElement;
const LOCALE = navigator.languages.find((tag) => tag.toLowerCase().split("-")[0] === lang) ?? lang;
const WORDS = JSON.parse(document.querySelector('meta[name="words"]').content);
const plurals = new Intl.PluralRules(LOCALE);
const formatted = (format) => (iso) => new Intl.DateTimeFormat(LOCALE, format).format(new Date(iso));
const TIME = { hour: "numeric", minute: "2-digit" };

export const number = (n) => n.toLocaleString(LOCALE);
export const money = ({ amount, currency }) => (amount / 100).toLocaleString(LOCALE, { style: "currency", currency });
export const minuteOf = formatted(TIME);
export const hourOf = formatted({ ...TIME, second: "2-digit" });
export const dayOf = formatted({ ...TIME, weekday: "long", day: "numeric", month: "long", timeZoneName: "short" });

/** The words called `name`, with `values` in their places; the value `n` decides the form where a number does. */
export function say(name, values = {}) {
  const word = WORDS[name];
  const form = typeof word === "string" ? word : word[plurals.select(values.n)];
  return form.replace(/{(\w+)}/g, (_, key) => (typeof values[key] === "number" ? number(values[key]) : values[key]));
}

const padded = (n, least) => n.toLocaleString(LOCALE, { minimumIntegerDigits: least, useGrouping: false });

/** `1:02:03`, `2:03`; days in front if there are any; to the nearest second. */
export function countdown(ms) {
  const s = Math.max(0, Math.round(ms / 1_000));
  const [days, hours, minutes] = [Math.floor(s / 86_400), Math.floor(s / 3_600) % 24, Math.floor(s / 60) % 60];
  const before = days ? `${days.toLocaleString(LOCALE, { style: "unit", unit: "day", unitDisplay: "narrow" })} ` : "";
  const short = hours || days ? `${padded(hours, 1)}:${padded(minutes, 2)}` : padded(minutes, 1);
  return `${before}${short}:${padded(s % 60, 2)}`;
}

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

  /** What a reader is told: our own words if there are any, else the server's, which are English. */
  get told() {
    const ours = `problem-${this.slug}`;
    return ours in WORDS ? say(ours) : (lang === "en" && this.message) || "";
  }

  /** Milliseconds to wait after the `attempt`th failure, or null if trying again cannot help. */
  pause(attempt) {
    if (this.after !== null) return this.after + Math.random() * 500;
    if (COME_BACK.includes(this.status)) return 2_000 + Math.random() * 8_000;
    return TRY_AGAIN.includes(this.status) ? Math.random() * Math.min(10_000, 500 * 2 ** attempt) : null;
  }
}

/** The JSON answer to one request, its text if it is asked for `as` text, or null for 204. Throws Problem. */
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

async function once(path, { method = "GET", token, body, headers = {}, as = "json" }) {
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
  const content = answer.ok && as === "text" ? text : parse(text);
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
  const [why, what] = [navigator.onLine ? "unreachable" : "offline", place.get().token ? "place-safe" : "goes-on"];
  fill({ offline: `${say(why)} ${say(what)}` });
  byId("offline").hidden = yes;
}

/* The place this browser holds: what makes a refresh safe. Blocked storage falls back to the history entry,
   which lives in memory and still survives a refresh of this tab. */

export const query = new URLSearchParams(location.search);

/** Signing in leads back to the bare address: the sale is then named by the state that was sent along. */
export const onsaleId = query.get("onsale") ?? (query.get("state") ?? "").split(".")[1] ?? "";
export const onsalePath = `/v1/onsales/${encodeURIComponent(onsaleId)}`;
const preview = query.get("preview");
const SHELF = `fairline:${preview === null ? "" : "preview:"}${onsaleId}`;
const shelves = () => (preview === null ? localStorage : sessionStorage);
let storageWorks = true;

export const place = {
  get() {
    try {
      if (storageWorks) return JSON.parse(shelves().getItem(SHELF) ?? "{}");
    } catch {
      storageWorks = false;
    }
    return history.state ?? {};
  },
  set(value) {
    try {
      if (storageWorks) return shelves().setItem(SHELF, JSON.stringify(value));
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
      if (element.matches("p.lead, .notice, .good, .bad, .warning, .by")) element.hidden = !text;
    }
  }
}

const ROOM = document.title;
const ICONS = { "": "<circle cx='8' cy='8' r='7'/>", paused: "<path d='M2 2h4v12H2zM10 2h4v12h-4z'/>", turn: "<path d='M8 0l8 8-8 8-8-8z'/>" };

/** The icon in the tab, which is all of this page that somebody sees who reads another. */
function icon(name) {
  const fill = getComputedStyle(document.documentElement).getPropertyValue("--accent").trim();
  const svg = `<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16' fill='${fill}'>${ICONS[name]}</svg>`;
  byId("icon").href = `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

/** Shows one view. Focus moves for the turn, and when the view that goes takes the focused button with it. */
export function show(name, { title = "", focus = false, sign = "" } = {}) {
  document.title = [title, onsale?.name ?? ROOM].filter(Boolean).join(" · ");
  icon(sign);
  const next = document.querySelector(`[data-view="${name}"]`);
  if (!next.hidden) return;
  const orphaned = document.activeElement?.closest("[data-view]");
  for (const view of document.querySelectorAll("[data-view]")) view.hidden = view !== next;
  if (focus || orphaned) next.querySelector("h1").focus();
}

/** Says something to screen readers: politely, or at once for the turn. */
export function announce(text, region = "polite") { if (byId(region).textContent !== text) byId(region).textContent = text; }

/** What this page does now: `everySecond` while it is shown, `again` when it wakes or is told to. */
export const doing = { everySecond: () => {}, again: () => enter() };
export const actions = { again: () => doing.again() };

/* The way in. */

export let onsale = null;

async function readOnsale(tries) {
  const asked = Date.now();
  const first = onsale === null;
  onsale = await call(onsalePath, { tries });
  clock.learn(onsale.server_time, ...((first && beforeScripts()) || [asked, Date.now()]));
  fill({ name: onsale.name, "lobby-at": dayOf(onsale.lobby_opens_at), "sale-at": dayOf(onsale.sale_starts_at) });
  dress(onsale.branding ?? {});
}

/** When the sale was asked for and came, by this device's clock: the browser does so while the scripts are on their way. */
function beforeScripts() {
  const answers = performance.getEntriesByName(new URL(onsalePath, location));
  const entry = answers.filter(({ responseStatus = 200 }) => responseStatus === 200).at(-1); // no refusal of before
  return entry && [entry.requestStart, entry.responseEnd].map((at) => Date.now() - performance.now() + at);
}

/* How the organiser wants the page to look. Whatever is no such thing is left out. */

const GROUNDS = { light: "#ecedf5", dark: "#262a3a" };
const INKS = ["#ffffff", "#000000"];
const channels = (hex) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
const linear = (channel) => (channel <= 10.31475 ? channel / 3_294.6 : ((channel / 255 + 0.055) / 1.055) ** 2.4);

function luminance(hex) {
  const [r, g, b] = channels(hex).map(linear);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** The contrast of two colours as WCAG has it, 1 to 21. */
export function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/** `colour`, moved towards black or white until it can be read on `ground`. */
export function readable(colour, ground) {
  const end = luminance(ground) > 0.2 ? 0 : 255;
  for (let part = 0; part < 1; part += 0.04) {
    const moved = `#${channels(colour).map((from) => Math.round(from + (end - from) * part).toString(16).padStart(2, "0")).join("")}`;
    if (contrast(moved, ground) >= 4.5) return moved;
  }
  return end ? INKS[0] : INKS[1];
}

const text = (value) => (typeof value === "string" ? value : "");
const isOurs = (value) => text(value).startsWith(`${location.origin}/`) || /^\/(?!\/)/.test(text(value));
const isWeb = (value) => /^https:\/\/[^\s]+$/.test(text(value));

function dress({ organiser, accent, picture, picture_alt: alt, text: words, link, link_text: linkText }) {
  fill({ organiser: text(organiser), "brand-text": text(words) });
  const { style } = document.documentElement;
  if (/^#[0-9a-f]{6}$/i.test(text(accent))) {
    style.setProperty("--brand", accent);
    style.setProperty("--on-brand", INKS.reduce((one, other) => (contrast(other, accent) > contrast(one, accent) ? other : one)));
    for (const [scheme, ground] of Object.entries(GROUNDS)) style.setProperty(`--brand-on-${scheme}`, readable(accent, ground));
  }
  const leads = isWeb(link) && text(linkText);
  byId("brand-link").hidden = !leads;
  if (leads) Object.assign(byId("brand-link").firstChild, { href: link, textContent: linkText });
  byId("brand").hidden = !leads && !text(words);
  if (isWeb(picture) || isOurs(picture)) hang(picture, text(alt));
}

/** Keeps the room for a picture at once, and fetches it once all else is there. */
function hang(source, alt) {
  const frame = byId("picture");
  if (frame.firstChild) return;
  frame.hidden = false;
  document.body.classList.add("pictured");
  const picture = Object.assign(new Image(), { alt, decoding: "async", fetchPriority: "low" });
  picture.onload = () => frame.classList.add("hung");
  frame.append(picture);
  setTimeout(() => { picture.src = source; }, document.readyState === "complete" ? 300 : 1_000);
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
  if (query.has("state")) return load("./sign-in.js", "finish");
  if (phase() === "closed") return goodbye();
  doing.again = enter;
  if (phase() !== "scheduled") return place.get().intends ? actions.join() : showJoin();
  const { intends = false } = place.get();
  byId("ask").hidden = intends;
  byId("intending").hidden = !intends;
  fill({ "until-lobby": countdown(Date.parse(onsale.lobby_opens_at) - clock.now()) });
  doing.everySecond = untilLobby;
  return show("soon");
}

/** The sale is over; what the organiser says of it is read only now. */
export function goodbye() {
  doing.again = enter;
  show("closed");
  call(onsale.status_url, { tries: 1 }).then(({ notice }) => fill({ notice: notice ?? "" }), () => {});
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
    "join-title": say(lobby ? "open-title" : "on-title"),
    "join-lead": say(lobby ? "open-lead" : "on-lead", { time: dayOf(onsale.sale_starts_at) }),
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
  fill({ error: problem.told || say("problem") });
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

/** The same page in another language keeps what its address says. */
export function linkLanguages() {
  const kept = [...new URLSearchParams(location.search)].filter(([name]) => name !== "lang");
  for (const link of document.querySelectorAll("#languages a")) link.search = new URLSearchParams([...kept, ["lang", link.lang]]);
}
linkLanguages();
takeHandedOver();
if (preview === null) enter();
else load("./preview.js", "begin", preview);
