/** The fast path to the turn. It may fail at any time and nobody is told: the status is read all the while. */

import { onsaleId, sleep } from "./page.js";

const TRIES = 6;
const PING_MS = 4 * 60_000;

/** An open line for `token` that hands every message to `receive`; `close` ends it for good. */
export function openSocket(address, token, receive) {
  let socket = null;
  let closed = false;

  const connect = () => new Promise((over) => {
    const query = new URLSearchParams({ onsale: onsaleId, visitor_token: token });
    socket = new WebSocket(`${address}?${query}`);
    const ping = setInterval(() => { if (socket.readyState === WebSocket.OPEN) socket.send('{"action":"ping"}'); }, PING_MS);
    socket.onopen = () => socket.send('{"action":"place"}');
    socket.onmessage = ({ data }) => receive(JSON.parse(data));
    socket.onclose = () => { clearInterval(ping); over(); };
  });

  (async () => {
    for (let attempt = 1; attempt <= TRIES && !closed; attempt += 1) {
      await connect();
      await sleep(Math.random() * Math.min(30_000, 1_000 * 2 ** attempt));
    }
  })().catch(() => {}); // an address the browser refuses is one more way for the fast path to fail

  return { close() { closed = true; socket?.close(); } };
}
