/** The same place on another device: a link, and its QR code once somebody asks for it. */

import { byId, call, onsalePath, place } from "./page.js";

let drawn = null;

/** Keeps the link to the place that `token` proves. */
export function openDevice(token) {
  const link = new URL(`#place=${token}`, location.href).href;
  if (byId("link").value !== link) byId("link").value = link;
}

/** Fetches the code of this place, once. Without it the link does as well. */
async function draw() {
  const { token } = place.get();
  if (!byId("device").open || drawn === token) return;
  drawn = token;
  const code = byId("code");
  try {
    const svg = await call(`${onsalePath}/place/code`, { token, as: "text" });
    code.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
    code.hidden = false;
  } catch {
    drawn = null;
    code.hidden = true;
  }
}

byId("device").addEventListener("toggle", draw);
