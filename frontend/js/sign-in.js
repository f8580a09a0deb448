/** Signing in with the organiser's identity provider: OpenID Connect's code flow, with PKCE. */

import { actions, call, enter, failed, lang, linkLanguages, onsale, onsaleId, Problem, query, signedIn } from "./page.js";

const SHELF = "fairline:sign-in";
const BACK_HERE = location.origin + location.pathname;
const TOKEN_MS = 10_000;

const encoded = (bytes) => btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const random = () => encoded(crypto.getRandomValues(new Uint8Array(32)));

/** Where the provider has what. The name of an issuer may end in a slash. */
const provider = () => call(`${onsale.sign_in.issuer.replace(/\/$/, "")}/.well-known/openid-configuration`);

/**
 * Sends the browser to the provider, which sends it back with a code. It sends back to the bare address, so a language
 * that was chosen by link is kept here; the provider is asked to speak it as well.
 */
export async function begin() {
  const begun = { verifier: random(), state: `${random()}.${onsaleId}`, chosen: query.has("lang") ? lang : null };
  try {
    sessionStorage.setItem(SHELF, JSON.stringify(begun));
    const { authorization_endpoint } = await provider();
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(begun.verifier));
    const asked = {
      response_type: "code",
      client_id: onsale.sign_in.client_id,
      redirect_uri: BACK_HERE,
      scope: "openid",
      ui_locales: lang,
      state: begun.state,
      code_challenge: encoded(new Uint8Array(digest)),
      code_challenge_method: "S256",
    };
    location.assign(`${authorization_endpoint}?${new URLSearchParams(asked)}`);
  } catch (problem) {
    failed(problem instanceof Problem ? problem : new Problem(0, { type: "sign-in-storage" }));
  }
}

/** Takes the code in the address to the provider, and joins the line with the identity it gives. */
export async function finish() {
  const begun = JSON.parse(sessionStorage.getItem(SHELF) ?? "{}");
  const asked = begun.chosen ? [["lang", begun.chosen]] : [];
  if (begun.chosen && begun.chosen !== lang && !query.has("lang")) {
    return location.replace(`?${new URLSearchParams([...query, ...asked])}`);
  }
  sessionStorage.removeItem(SHELF);
  history.replaceState(history.state, "", `?${new URLSearchParams([["onsale", onsaleId], ...asked])}`);
  linkLanguages();
  const code = query.get("code");
  const ours = query.get("state") === begun.state;
  query.delete("state");
  try {
    signedIn.token = ours && code ? await exchanged(code, begun.verifier) : null;
  } catch {
    signedIn.token = null;
  }
  if (signedIn.token) return actions.join();
  return failed(new Problem(0, { type: "sign-in" }), enter);
}

async function exchanged(code, verifier) {
  const { token_endpoint } = await provider();
  const { client_id } = onsale.sign_in;
  const sent = { grant_type: "authorization_code", code, code_verifier: verifier, client_id, redirect_uri: BACK_HERE };
  const answer = await fetch(token_endpoint, { method: "POST", body: new URLSearchParams(sent), signal: AbortSignal.timeout(TOKEN_MS) });
  return (await answer.json()).id_token ?? null;
}
