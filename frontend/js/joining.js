/** Joining the line and leaving it. */

import { actions, announce, byId, call, doing, enter, failed, fill, goodbye, load, onsale, onsalePath, place, say, show, signedIn } from "./page.js";

const UNDO_MS = 10_000;

/** 128 random bits: whoever repeats them is the same visitor, so a lost answer costs no second place. */
function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

let joining = false;

/** Asks for a place until there is one; the key is kept before the first question. */
export async function join() {
  if (joining) return;
  if (onsale.identity === "oidc" && !signedIn.token) return load("./sign-in.js", "begin");
  joining = true;
  const before = place.get();
  if (!before.token) place.update({ key: before.key ?? newKey() });
  doing.again = () => {};
  fill({ joining: say("moment") });
  show("joining", { title: say("joining-short") });
  try {
    await admitted(await register(), before);
  } catch (problem) {
    refused(problem);
  } finally {
    joining = false;
  }
}

/** The account or the key says who asks; a place that was handed over came without a key, and its token says so. */
function register() {
  const { key, token } = place.get();
  const guest = key ? { headers: { "idempotency-key": key } } : { token };
  return call(`${onsalePath}/registrations`, {
    method: "POST",
    body: {},
    ...(onsale.identity === "oidc" ? signedIn : guest),
    tries: 12,
    onPause: (ms) => fill({ joining: say("busy", { n: Math.ceil(ms / 1_000) }) }),
  });
}

async function admitted(body, before) {
  place.update({ token: body.visitor_token, intends: undefined });
  const ended = ["expired", "left"].includes(body.state) && body.visitor_token === before.token;
  fill({ "no-rejoin": ended ? say("no-rejoin") : "" });
  await load("./waiting.js", "follow", body);
}

function refused(problem) {
  if (problem.slug === "closed") return goodbye();
  if (problem.status === 404) return show("unknown");
  if (problem.slug === "not-open-yet") {
    place.update({ intends: true });
    fill({ joining: say("opens-now") });
    return setTimeout(enter, Math.min(30_000, problem.after ?? 5_000));
  }
  if (problem.slug === "superseded" || problem.status === 401) {
    place.set({}); // a token without a key leads nowhere any more
    signedIn.token = null;
    return enter();
  }
  return failed(problem, join);
}

let leavesAt = null;

/** Starts the seconds in which leaving can be undone. Whoever refreshes meanwhile keeps the place. */
actions.leave = () => {
  if (leavesAt !== null) return;
  leavesAt = Date.now() + UNDO_MS;
  byId("leaving").hidden = false;
  byId("leaving").querySelector("button").focus();
  count();
};

actions.stay = () => {
  putAway();
  announce(say("kept"));
};

function putAway() {
  leavesAt = null;
  byId("leaving").hidden = true;
  document.querySelector("[data-view]:not([hidden]) h1").focus();
}

function count() {
  if (leavesAt === null) return;
  const left = Math.ceil((leavesAt - Date.now()) / 1_000);
  fill({ undo: left > 0 ? say("seconds", { n: left }) : "" });
  if (left > 0) setTimeout(count, 250);
  else leave();
}

async function leave() {
  putAway();
  try {
    await call(`${onsalePath}/place`, { method: "DELETE", token: place.get().token, tries: 5 });
  } catch (problem) {
    if (![401, 410].includes(problem.status)) return failed(problem);
  }
  return enter();
}
