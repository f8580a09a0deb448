/** Telling somebody who looks elsewhere that it is their turn: a sound and a message, for whoever asked for them. */

import { actions, announce, byId, fill, onsale, say } from "./page.js";

const SHELF = "fairline:tell";
const CHIME = [[523.25, 0], [659.25, 0.18], [783.99, 0.36]];
let audio = null;

function asked() {
  try {
    return localStorage.getItem(SHELF) === "yes";
  } catch {
    return audio !== null;
  }
}

const mayNotify = () => "Notification" in window && Notification.permission === "granted";

/** Offers to tell, or says how somebody will be told. */
export function offer() {
  byId("tell").hidden = asked();
  fill({ told: asked() ? say(mayNotify() ? "told" : "told-sound") : "" });
}

/** Browsers allow sound and the question for messages only after a click: this one. */
actions.tell = async () => {
  audio = new AudioContext();
  try {
    localStorage.setItem(SHELF, "yes");
  } catch { /* then it is remembered for as long as this page is open */ }
  if ("Notification" in window) await Notification.requestPermission();
  offer();
  announce(say(mayNotify() ? "told" : "told-sound"));
};

/** Tells of the turn; whatever the browser refuses is left out. */
export function ring() {
  if (!asked()) return;
  try {
    if (audio || navigator.userActivation?.hasBeenActive) chime();
    navigator.vibrate?.([200, 100, 200]);
    if (mayNotify() && document.hidden) notify();
  } catch { /* the page itself says it all the same */ }
}

function notify() {
  const message = new Notification(say("turn"), { body: onsale.name, tag: SHELF, requireInteraction: true });
  message.onclick = () => { window.focus(); message.close(); };
}

function chime() {
  audio ??= new AudioContext();
  for (const [pitch, after] of CHIME) {
    const [tone, volume, at] = [audio.createOscillator(), audio.createGain(), audio.currentTime + after];
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.25, at);
    volume.gain.exponentialRampToValueAtTime(0.001, at + 0.9);
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 1);
  }
}
