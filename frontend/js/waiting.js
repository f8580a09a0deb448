/** Following one place: the line while it waits, and the right view for whatever becomes of it. */

import { announce, call, clock, countdown, doing, enter, failed, fill, hourOf, minuteOf, number, onsale, onsalePath, place, Problem, say, show } from "./page.js";
import { openDevice } from "./device.js";
import { move } from "./progress.js";
import { offer } from "./telling.js";
import { aheadOf, isNear, milestoneOf, nextLook, paceOf, waitOf, waitWords } from "./line.js";
import { openSocket } from "./socket.js";
import "./joining.js";

let token = null;
let state = null;
let status = null;
let epoch = null;
let answered = null;
let firstSample = null;
let presentsAt = Infinity;
let socket = null;
let timer = null;
let looking = false;
let failures = 0;
let notBefore = 0;

/** Follows the place this browser holds; `known` is the line's newest answer about it, if there is one. */
export async function follow(known = null) {
  if (token !== place.get().token) socket?.close();
  [token, state, status, firstSample, presentsAt, socket] = [place.get().token, null, null, null, Infinity, null];
  clearTimeout(timer);
  notBefore = 0;
  doing.again = present;
  doing.everySecond = untilSale;
  if (known) await accept(known);
  else await present();
}

/** Shows the token to the line and does what it says; no sooner than the line allows. */
async function present() {
  if (Date.now() < notBefore) return;
  presentsAt = Infinity;
  try {
    await accept(await call(`${onsalePath}/place`, { token, tries: 3 }));
  } catch (problem) {
    refused(problem);
  }
}

function refused(problem) {
  if (problem.slug === "superseded") return end("moved");
  if (problem.slug === "closed") return end("closed");
  if (problem.status === 404) return end("unknown");
  if (problem.status === 401) {
    place.update({ token: undefined });
    return failed(problem);
  }
  if (state === null) {
    failed(problem);
    state = "unread";
  }
  notBefore = Date.now() + (problem.pause(4) ?? 10_000);
  return lookIn(0);
}

/** Takes an answer about this place, whichever way it came. */
async function accept(answer) {
  // Where the sale was put off, the token of before would end before it; one of another tab stays.
  if (answer.visitor_token && token === place.get().token) place.update({ token: (token = answer.visitor_token) });
  if (answer.position && answer.position !== place.get().position) forget(answer.position);
  epoch = answer.epoch ?? epoch;
  const before = state;
  state = answer.state;
  if (state === "admitted" && place.get().order) state = "completed";
  if (state === "waiting") {
    answered = answer;
    doing.again = look;
    learnAhead(answer.ahead);
    showLine();
    await look();
  } else if (state === "admitted") {
    clearTimeout(timer);
    doing.again = present;
    const session = await import("./session.js").catch(() => null);
    if (session) session.open(answer, present);
    else timer = setTimeout(present, 2_000);
  } else if (state !== before) {
    end({ completed: "bought", expired: "missed", left: "left" }[state]);
  }
}

/** A new place starts from nothing but itself. */
function forget(position) {
  place.update({ position, least: undefined, most: undefined, entered: undefined, order: undefined });
}

function end(view) {
  if (["waiting", "unread", null].includes(state)) state = "over";
  clearTimeout(timer);
  socket?.close();
  doing.everySecond = () => {};
  doing.again = view === "closed" || view === "unknown" ? enter : () => {};
  const { order } = place.get();
  fill({ order: order?.order ? say("order", order) : order ? say("seat", order) : say("complete") });
  announce("", "urgent");
  if (view === "closed") fill({ notice: status?.notice ?? "" });
  show(view, { title: ["bought", "missed"].includes(view) ? say(view) : "" });
  announce(document.querySelector(`[data-view="${view}"] h1`).textContent);
}

/** Keeps the least number ahead that was ever told: it only falls, over refreshes too. */
function learnAhead(ahead) {
  if (!Number.isInteger(ahead)) return;
  const { least = Infinity, most = ahead } = place.get();
  if (ahead < least) place.update({ least: ahead, most: Math.max(most, ahead) });
}

/** Reads the status and acts on it; comes back by itself for as long as the place waits. */
async function look() {
  if (looking) return;
  looking = true;
  clearTimeout(timer);
  let pause = null;
  try {
    await read(await call(onsale.status_url, { tries: 1 }));
    failures = 0;
  } catch (problem) {
    pause = await unread(problem);
  } finally {
    looking = false;
  }
  if (isOpen()) lookIn(Math.max(pause ?? 0, interval()));
}

/** Without a status, or after three failures in a row, the line itself is asked. Milliseconds to the next look, or null. */
async function unread(problem) {
  if (!(problem instanceof Problem)) {
    console.error(problem); // whatever broke, the next look comes
    return 10_000;
  }
  failures += 1;
  if ([403, 404].includes(problem.status) || failures % 3 === 0) await present();
  return problem.pause(5);
}

/** Whether this place still waits, as far as is known. */
const isOpen = () => state === "waiting" || state === "unread";

function lookIn(ms) {
  clearTimeout(timer);
  timer = setTimeout(look, Math.max(ms, notBefore - Date.now()));
}

async function read(published) {
  if (!isOpen()) return undefined;
  status = published;
  const { position } = place.get();
  if (position) learnAhead(aheadOf(position, status));
  firstSample = firstSample?.epoch === status.epoch ? firstSample : sample();
  if (state === "unread" || status.serving >= position || status.phase === "closed") await present();
  if (!isOpen()) return undefined;
  if (status.phase === "closed") return end("closed");
  if (status.epoch > epoch) return returnToLine();
  if (state === "waiting") showLine();
  return undefined;
}

const sample = () => ({ at: Date.parse(status.updated_at), serving: status.serving, epoch: status.epoch });
const untilStart = () => Math.max(0, (Date.parse(onsale.sale_starts_at) - clock.now()) / 1_000);
const least = () => place.get().least ?? 0;

function wait() {
  if (!status) return answered?.estimated_wait_seconds ?? { low: 100, high: 100 };
  const pace = paceOf(firstSample, sample());
  return waitOf(least(), { ratePerMinute: status.rate_per_minute, pace, untilStart: untilStart() });
}

const interval = () => (status ? nextLook(least(), wait().low) : (answered?.poll_after_seconds ?? 5) * 1_000);

/** The line was rebuilt and asks everybody back: at once near the front, spread over the wait at the back. */
async function returnToLine() {
  showLine();
  const { low } = wait();
  if (presentsAt === Infinity) presentsAt = Date.now() + (isNear(least(), low) ? 0 : Math.random() * low * 500);
  if (Date.now() >= presentsAt) await present();
}

/** The status, or what is known before the first one has been read. */
const seen = () => status ?? { phase: onsale.phase, updated_at: new Date(clock.now()).toISOString() };

function showLine() {
  if (state !== "waiting") return;
  const ahead = least();
  const { phase, notice, updated_at: updatedAt } = seen();
  const paused = phase === "paused";
  fill({
    "line-title": say({ lobby: "lobby-title", paused: "paused-title" }[phase] ?? "line-title"),
    "line-lead": paused ? say("paused-lead") : "",
    notice: notice ?? "",
    position: number(place.get().position),
    wait: paused ? say("paused") : waitWords(wait()),
    updated: hourOf(updatedAt),
  });
  untilSale();
  move(ahead, place.get().most ?? ahead, interval());
  show("line", { title: paused ? say("paused") : say("ahead", { n: ahead }), sign: paused ? "paused" : "" });
  tell(ahead, paused, notice ?? "");
  openDevice(token);
  offer();
  if (isNear(ahead, wait().low)) socket ??= openSocket(onsale.websocket_url, token, receive);
}

/** Before the sale starts the line says when it does. */
function untilSale() {
  if (seen().phase !== "lobby" || state !== "waiting") return;
  const ms = Date.parse(onsale.sale_starts_at) - clock.now();
  fill({ "line-lead": ms > 0 ? say("starts-in", { left: countdown(ms), time: minuteOf(onsale.sale_starts_at) }) : say("starts-now") });
}

/** Tells a screen reader what changed at a milestone, not at every step. */
function tell(ahead, paused, notice) {
  const milestone = milestoneOf(ahead);
  const people = say("people-read", { n: ahead });
  fill({ "ahead-read": people });
  const told = [milestone, paused, notice].join("|");
  if (tell.last !== told) announce([paused ? `${say("paused-title")}.` : "", people, notice].filter(Boolean).join(" "));
  tell.last = told;
}

function receive(message) {
  const fresh = socket && token === place.get().token;
  if (!fresh) return;
  if (message.type === "admitted") accept({ ...message, state: "admitted" });
  else if (message.type === "place" && message.state !== "waiting") accept(message);
  else if (message.type === "session_ended") present();
}
