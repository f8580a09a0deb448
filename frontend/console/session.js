/** Who is signed in: OpenID Connect's code flow with PKCE. Tokens are kept for this tab, and for as long as it is open. */

const SHELF = "fairline:console:session";
const BEGUN = "fairline:console:sign-in";
const BACK_HERE = `${location.origin}/console`;
const CALL_MS = 10_000;
const EARLY_MS = 60_000;

const encoded = (bytes) => btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const random = () => encoded(crypto.getRandomValues(new Uint8Array(32)));
const answered = async (address, options = {}) => {
  const answer = await fetch(address, { ...options, cache: "no-store", signal: AbortSignal.timeout(CALL_MS) });
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
  return answer.json();
};

let known = read(SHELF);
let renewing = null;

export const session = {
  /** Whether there is something to show at the door. */
  get open() { return known !== null; },
  /** What the operator is called. */
  get name() { return known?.name ?? ""; },
  /** The access token, renewed a little before it ends. */
  async token() {
    if (known?.refresh && Date.now() > known.ends - EARLY_MS) await renew();
    return known?.access ?? "";
  },
};

function read(shelf) {
  try {
    return JSON.parse(sessionStorage.getItem(shelf));
  } catch {
    return null;
  }
}

function keep(shelf, what) {
  if (what === null) sessionStorage.removeItem(shelf);
  else sessionStorage.setItem(shelf, JSON.stringify(what));
}

const settings = () => answered("/console/settings.json");
const provider = ({ issuer }) => answered(`${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`);

/** Sends the browser to the provider, which sends it back to where it was. */
export async function begin() {
  const told = await settings();
  const begun = { verifier: random(), state: random(), view: location.hash };
  keep(BEGUN, begun);
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(begun.verifier));
  const asked = {
    response_type: "code",
    client_id: told.client_id,
    redirect_uri: BACK_HERE,
    scope: told.scopes.join(" "),
    state: begun.state,
    code_challenge: encoded(new Uint8Array(digest)),
    code_challenge_method: "S256",
  };
  location.assign(`${(await provider(told)).authorization_endpoint}?${new URLSearchParams(asked)}`);
}

/** Takes the code that the provider sent along, if it did; the address is clean afterwards. Throws if it is no good. */
export async function arrive() {
  const query = new URLSearchParams(location.search);
  if (!query.has("state")) return;
  const begun = read(BEGUN);
  keep(BEGUN, null);
  history.replaceState(null, "", `/console/${begun?.view || "#/"}`);
  if (!query.has("code") || query.get("state") !== begun?.state) throw new Error("The answer of the sign-in is not to what was asked.");
  await exchange({ grant_type: "authorization_code", code: query.get("code"), code_verifier: begun.verifier, redirect_uri: BACK_HERE });
}

async function exchange(grant) {
  const told = await settings();
  const { token_endpoint } = await provider(told);
  const body = new URLSearchParams({ ...grant, client_id: told.client_id });
  const tokens = await answered(token_endpoint, { method: "POST", body });
  known = {
    access: tokens.access_token,
    refresh: tokens.refresh_token ?? known?.refresh ?? null,
    ends: Date.now() + tokens.expires_in * 1_000,
    name: nameIn(tokens.id_token) ?? known?.name ?? "",
  };
  keep(SHELF, known);
}

/** What the token calls its bearer. It was sent to us by the provider itself; the server checks what counts. */
function nameIn(token) {
  if (!token) return null;
  const claims = JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")), (each) => each.charCodeAt(0))));
  return claims.email ?? claims.name ?? claims["cognito:username"] ?? claims.sub;
}

/** A new access token for what is left of the night; false if the operator has to sign in again. */
export function renew() {
  renewing ??= renewed().finally(() => { renewing = null; });
  return renewing;
}

async function renewed() {
  if (!known?.refresh) return false;
  try {
    await exchange({ grant_type: "refresh_token", refresh_token: known.refresh });
    return true;
  } catch {
    return false;
  }
}

/** Forgets who is signed in, here and, where the provider offers it, there. */
export async function leave() {
  known = null;
  keep(SHELF, null);
  const told = await settings();
  const { end_session_endpoint: end } = await provider(told);
  const asked = { client_id: told.client_id, logout_uri: BACK_HERE, post_logout_redirect_uri: BACK_HERE };
  if (end) location.assign(`${end}?${new URLSearchParams(asked)}`);
}
