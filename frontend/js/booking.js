/** The sample box office: choose a seat, hold it, buy it. */

import { actions, announce, byId, call, clock, fill, hourOf, money, place, say, show } from "./page.js";
import { checkTurn, session } from "./session.js";

const REREAD_MS = 8_000;
const KEYS = { ArrowLeft: -1, ArrowRight: 1 };
let house = null;
let timer = null;
let busy = false;

/** Shows the house and keeps it fresh while it is shown. */
export async function openShop() {
  await readHouse();
  if (!house) return;
  show("shop", { title: say("turn"), focus: true, sign: "turn" });
}

const isShown = () => !document.querySelector('[data-view="shop"]').hidden;

async function readHouse() {
  clearTimeout(timer);
  try {
    const read = await ask("seats", { tries: 4 });
    if (!house) draw(read);
    house = read;
    paint();
    if (house.yours?.state === "sold") await sold(house.yours);
  } catch (problem) {
    await trouble(problem);
  }
  timer = setTimeout(() => { if (isShown()) readHouse(); }, REREAD_MS + Math.random() * 2_000);
}

const ask = (path, options) => call(`${session.booking_url}/${path}`, { token: session.access_token, ...options });

/** One group of buttons a row; only one seat at a time is in the tab order. */
function draw({ rows, seats_per_row: seats }) {
  byId("seats").style.setProperty("--seats", seats);
  byId("seats").replaceChildren(...rows.map((row) => {
    const group = document.createElement("div");
    group.className = "row";
    group.innerHTML = '<span aria-hidden="true"></span><div role="group"></div>';
    group.firstChild.textContent = row;
    group.lastChild.ariaLabel = say("row", { row });
    group.lastChild.append(...Array.from({ length: seats }, (_, index) => seatButton(`${row}-${index + 1}`, index + 1)));
    return group;
  }));
  byId("seats").querySelector("button").tabIndex = 0;
}

function seatButton(seat, label) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "seat", tabIndex: -1, textContent: label });
  button.dataset.seat = seat;
  return button;
}

function paint() {
  const taken = new Set(house.taken);
  const { yours, price } = house;
  for (const button of byId("seats").querySelectorAll("button")) {
    const { seat } = button.dataset;
    const mine = yours?.seat === seat;
    button.dataset.state = mine ? "held" : taken.has(seat) ? "taken" : "free";
    button.ariaPressed = String(mine);
    button.ariaDisabled = String(!mine && taken.has(seat));
    button.ariaLabel = say(mine ? "seat-yours" : taken.has(seat) ? "seat-taken" : "seat", { seat });
  }
  const held = yours?.state === "held" && Date.parse(yours.held_until) > clock.now();
  fill({ price: say("each", { price: money(price) }), basket: held ? holding(yours, price) : say(anyFree() ? "none" : "all-taken") });
  byId("buy").disabled = busy || !held;
  if (held) byId("buy").textContent = say("buy-seat", { seat: yours.seat });
}

const holding = (yours, price) => say("held-until", { seat: yours.seat, price: money(price), time: hourOf(yours.held_until) });
const anyFree = () => byId("seats").querySelector('[data-state="free"]') !== null;

async function hold(seat) {
  if (house.taken.includes(seat) && house.yours?.seat !== seat) return announce(say("is-taken", { seat }));
  return alone(async () => {
    await ask("holds", { method: "POST", body: { seat } });
    announce(say("is-held", { seat }));
  });
}

actions.buy = () => alone(async () => {
  await sold(await ask("purchases", { method: "POST", body: {}, tries: 5 }));
});

/** Keeps the order for the goodbye, whichever way this browser heard of it. */
async function sold({ order = place.get().order?.order, seat }) {
  place.update({ order: { order, seat } });
  await checkTurn();
}

/** Does one thing at a time, says what went wrong, and reads the house again either way. */
async function alone(task) {
  if (busy) return;
  busy = true;
  byId("buy").disabled = true;
  fill({ trouble: "" });
  try {
    await task();
  } catch (problem) {
    await trouble(problem);
  } finally {
    busy = false;
  }
  if (isShown()) await readHouse();
}

/** 401 and 403 are the gate's: the session is over or renewed, and the line knows which. */
async function trouble(problem) {
  if (!("status" in problem)) throw problem;
  if (problem.slug === "already-bought") return sold(problem.body);
  if ([401, 403].includes(problem.status)) return checkTurn();
  fill({ trouble: problem.slug === "seat-taken" ? say("faster") : problem.told || say("failed") });
  if (!isShown()) show("shop", { title: say("turn"), focus: true, sign: "turn" });
  return undefined;
}

byId("seats").addEventListener("click", ({ target }) => { if (target.dataset.seat) hold(target.dataset.seat); });

/** Arrow keys move through the house; Home and End go to the ends of a row. */
byId("seats").addEventListener("keydown", (event) => {
  const next = seatAt(event);
  if (!next) return;
  event.preventDefault();
  for (const button of byId("seats").querySelectorAll('[tabindex="0"]')) button.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
});

function seatAt({ key, target }) {
  const all = [...byId("seats").querySelectorAll("button")];
  const [at, width] = [all.indexOf(target), house.seats_per_row];
  const start = at - (at % width);
  return {
    ...Object.fromEntries(Object.entries(KEYS).map(([name, step]) => [name, all[at + step]])),
    ArrowUp: all[at - width],
    ArrowDown: all[at + width],
    Home: all[start],
    End: all[start + width - 1],
  }[key];
}
