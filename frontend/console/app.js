/** The console: who is signed in, which view the address names, and what is shown where there is none. */

import { signedOut } from "./api.js";
import { auditView } from "./audit.js";
import { brandingView } from "./branding.js";
import { fill, h, set, write } from "./dom.js";
import { editView, newView } from "./form.js";
import { keyView } from "./key.js";
import { listView } from "./list.js";
import { onsaleView } from "./onsale.js";
import { arrive, begin, leave, session } from "./session.js";
import { visitorView } from "./visitor.js";

const VIEWS = [
  [/^#\/$/, listView],
  [/^#\/new$/, newView],
  [/^#\/onsale\/([a-z0-9-]+)$/, onsaleView],
  [/^#\/onsale\/([a-z0-9-]+)\/edit$/, editView],
  [/^#\/onsale\/([a-z0-9-]+)\/branding$/, brandingView],
  [/^#\/onsale\/([a-z0-9-]+)\/key$/, keyView],
  [/^#\/onsale\/([a-z0-9-]+)\/audit$/, auditView],
  [/^#\/onsale\/([a-z0-9-]+)\/visitor$/, visitorView],
];
const byId = (id) => document.getElementById(id);
let stop = () => {};
let turn = 0;

/** Shows the view that the address names. Focus goes to its heading, but for the first one. */
async function show({ focus }) {
  turn += 1;
  const mine = turn;
  stop();
  stop = () => {};
  const [view, ...words] = named(location.hash || "#/");
  let made;
  try {
    made = view ? await view(...words) : notice("There is nothing here", "This address names no view of the console.");
  } catch (problem) {
    if (problem.status === undefined) throw problem;
    if (problem.status === 401) fill(byId("alarm"));
    made = problem.status === 401 ? door() : notice(problem.status === 404 ? "There is no such onsale" : "This could not be read", problem.message);
  }
  if (mine !== turn) return made.stop();
  stop = made.stop;
  fill(byId("main"), made.element);
  document.title = `${made.title} – Fairline console`;
  for (const link of byId("nav").children) set(link, "aria-current", link.getAttribute("href") === (location.hash || "#/") && "page");
  if (focus) byId("main").querySelector("h1")?.focus();
  scrollTo(0, 0);
}

function named(hash) {
  for (const [pattern, view] of VIEWS) {
    const match = pattern.exec(hash);
    if (match) return [view, ...match.slice(1)];
  }
  return [null];
}

function notice(title, words) {
  const again = h("button", { type: "button", class: "main", on: { click: () => show({ focus: true }) } }, "Try again");
  return { title, stop: () => {}, element: h("section", { class: "panel narrow" }, h("h1", { tabindex: -1 }, title), h("p", {}, words), h("p", { class: "buttons" }, again, h("a", { class: "button", href: "#/" }, "All onsales"))) };
}

/** What is shown to whoever is not signed in. */
function door(trouble = "") {
  const said = h("p", { class: "bad", role: "alert" }, trouble);
  const button = h("button", { type: "button", class: "main", on: { click: enter } }, "Sign in");
  return { title: "Sign in", stop: () => {}, element: h("section", { class: "panel narrow door" }, h("h1", { tabindex: -1 }, "Operate onsales"), h("p", {}, "Sign in to see and run the onsales of this waiting room."), said, h("p", { class: "buttons" }, button)) };

  async function enter() {
    try {
      await begin();
    } catch (error) {
      write(said, `The sign-in cannot be reached. ${error.message}`);
    }
  }
}

function showDoor(trouble) {
  stop();
  stop = () => {};
  fill(byId("main"), door(trouble).element);
  byId("main").querySelector("h1").focus();
}

/** The view stays, and with it what was typed: signing in leads back to it. */
signedOut.tell = () => {
  if (byId("again")) return;
  const button = h("button", { type: "button", id: "again", on: { click: () => begin().catch((error) => write(byId("alarm"), `The sign-in cannot be reached. ${error.message}`)) } }, "Sign in again");
  fill(byId("alarm"), h("p", {}, "Your sign-in has ended. What you typed is kept. ", button));
};

async function start() {
  byId("skip").addEventListener("click", () => byId("main").querySelector("h1")?.focus());
  byId("sign-out").addEventListener("click", async () => {
    set(byId("nav"), "hidden", true);
    set(byId("who"), "hidden", true);
    showDoor("");
    history.replaceState(null, "", "/console/#/");
    await leave();
  });
  try {
    await arrive();
  } catch {
    return showDoor("Signing in did not work. Please try again.");
  }
  if (!session.open) return showDoor("");
  write(byId("operator"), session.name);
  byId("nav").hidden = false;
  byId("who").hidden = false;
  addEventListener("hashchange", () => show({ focus: true }));
  return show({ focus: false });
}

start();
