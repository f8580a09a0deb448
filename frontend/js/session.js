/** The turn: what is left of it, more of it once, and the way to the seats. */

import { actions, announce, byId, call, clock, countdown, doing, fill, hourOf, load, onsalePath, place, say, show } from "./page.js";
import { ring } from "./telling.js";

const WARNINGS = [[30, "half-minute"], [60, "one-minute"], [120, "two-minutes"]];
const HURRY_SECONDS = 60;

/** The session as last told: access token, deadline, booking address. */
export let session = null;
let reread = null;
let warned;
let lookingAgain = false;

/** Opens the turn told by `answer`, or brings it up to date; `again` asks the line what became of it. */
export function open(answer, again) {
  const isNew = session?.booking_url !== answer.booking_url || doing.everySecond !== tick;
  session = isNew ? answer : { ...session, ...answer };
  reread = again;
  if (isNew) warned = undefined;
  doing.again = again;
  doing.everySecond = tick;
  fill({ until: say("until", { time: hourOf(session.session_expires_at) }) });
  byId("extend").hidden = session.extension_available === false;
  tick();
  if (isNew) begin();
}

function begin() {
  const { entered, position } = place.get();
  if (entered === position) return load("./booking.js", "openShop");
  announce(say("turn-now"), "urgent");
  ring();
  return show("turn", { title: say("turn"), focus: true, sign: "turn" });
}

const leftMs = () => Date.parse(session.session_expires_at) - clock.now();

function tick() {
  const ms = leftMs();
  fill({ left: countdown(ms) });
  warn(ms / 1_000);
  if (ms <= 0) askAgain();
}

/** Says once, at each of a few moments, that time runs out: early enough to ask for more. */
function warn(seconds) {
  const [step, word] = WARNINGS.find(([limit]) => seconds <= limit) ?? [null];
  if (warned === step || seconds <= 0) return;
  warned = step;
  const words = word ? `${say(word)} ${byId("extend").hidden ? "" : say("ask-more")}`.trim() : "";
  if (words) announce(words);
  byId("clock").classList.toggle("hurry", step !== null && step <= HURRY_SECONDS);
  fill({ hurry: step <= HURRY_SECONDS ? words : "" });
}

/** The deadline is the server's: once it seems over, the line says whether it is. */
async function askAgain() {
  if (lookingAgain) return;
  lookingAgain = true;
  setTimeout(() => { lookingAgain = false; }, 2_000 + Math.random() * 1_000);
  await reread();
}

actions.enter = () => {
  place.update({ entered: place.get().position });
  load("./booking.js", "openShop");
};

actions.extend = async () => {
  byId("extend").disabled = true;
  try {
    await call(`${onsalePath}/place/extension`, { method: "POST", body: {}, token: place.get().token });
    await extended();
  } catch (problem) {
    if (problem.slug === "already-extended") await extended();
    else fill({ trouble: problem.told || say("no-more") });
  } finally {
    byId("extend").disabled = false;
    byId("extend").hidden = session.extension_available === false;
  }
};

/** Reads the new deadline and its access token; an answer that was lost has extended the turn all the same. */
async function extended() {
  session.extension_available = false;
  await reread();
  announce(say("have-now", { left: countdown(leftMs()) }));
}

/** Asks the line what became of the turn, after the gate refused it or a purchase ended it. */
export const checkTurn = () => reread();
