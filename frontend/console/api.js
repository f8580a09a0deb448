/** Calls of the admin routes: each with a timeout and the operator's token; nothing is retried behind anybody's back. */

import { renew, session } from "./session.js";

const CALL_MS = 8_000;
const FALLBACK_MS = { 429: 4_000, 503: 4_000 };

let offset = 0;

/** The server's clock: this device's may be wrong by minutes. */
export const clock = {
  now: () => Date.now() + offset,
  learn: (serverTime, sent, received) => { offset = Date.parse(serverTime) - (sent + received) / 2; },
};

/** A call that failed. `status` is 0 if no answer came; `after` is when to come back, in ms, or null. */
export class Problem extends Error {
  constructor(status, body = {}, after = null) {
    super(body.detail ?? body.title ?? body.message ?? (status ? `The server answered ${status}.` : "The server does not answer."));
    Object.assign(this, { status, body, after: after ?? FALLBACK_MS[status] ?? null, slug: (body.type ?? "").split(":").pop() });
  }

  /** What is wrong with which field. */
  get faults() {
    return this.body.errors ?? [];
  }
}

/** What to do when nobody is signed in any more. Set by the page. */
export const signedOut = { tell: () => {} };

/** The JSON answer to one request under `/v1/admin`; a file is sent as it is. Throws Problem. */
export async function call(path, { method = "GET", body } = {}) {
  const token = await session.token();
  let answer = await once(`/admin${path}`, method, body, token);
  if (answer.status === 401 && (await renew())) answer = await once(`/admin${path}`, method, body, await session.token());
  if (answer.status === 401) signedOut.tell();
  return contentOf(answer);
}

/** An onsale as fans are told of it. Throws Problem. */
export const described = async (name) => contentOf(await once(`/onsales/${encodeURIComponent(name)}`, "GET"));

function contentOf({ status, content, after }) {
  if (status >= 400) throw new Problem(status, content ?? {}, after);
  return content;
}

async function once(path, method, body, token) {
  const raw = body instanceof Blob;
  const headers = { ...(token && { authorization: `Bearer ${token}` }), ...(body ? { "content-type": raw ? body.type : "application/json" } : {}) };
  const options = { method, headers, cache: "no-store", body: raw ? body : body && JSON.stringify(body), signal: AbortSignal.timeout(CALL_MS) };
  const sent = Date.now();
  try {
    const answer = await fetch(`/v1${path}`, options);
    const content = parsed(await answer.text());
    if (content?.server_time) clock.learn(content.server_time, sent, Date.now());
    return { status: answer.ok && content === undefined ? 502 : answer.status, content, after: retryAfter(answer.headers.get("retry-after")) };
  } catch {
    throw new Problem(0);
  }
}

function parsed(text) {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return undefined;
  }
}

function retryAfter(text) {
  if (text === null) return null;
  const ms = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - clock.now();
  return Number.isNaN(ms) ? null : Math.max(0, ms);
}
