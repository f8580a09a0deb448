/** What was typed and not yet sent, kept for this tab: signing in again, or a reload, loses nothing of it. */

const SHELF = "fairline:console:draft:";

/** Keeps what is typed into `inputs` (by name) under `key`, and puts back what was there. */
export function draft(key, inputs, changed = () => {}) {
  const shelf = SHELF + key;
  const kept = JSON.parse(sessionStorage.getItem(shelf) ?? "null");
  const values = () => Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.type === "checkbox" ? input.checked : input.value]));
  for (const [name, input] of Object.entries(inputs)) {
    if (kept && name in kept.values) put(input, kept.values[name]);
    input.addEventListener("input", () => {
      made.version ??= made.latest();
      sessionStorage.setItem(shelf, JSON.stringify({ values: values(), version: made.version }));
      changed();
    });
  }
  const made = {
    /** The version that was shown when typing began; null while nothing is typed. */
    version: kept?.version ?? null,
    /** What the page knows as the latest version. */
    latest: () => null,
    /** Whether there is something that was not sent. */
    get open() { return sessionStorage.getItem(shelf) !== null; },
    forget() {
      made.version = null;
      sessionStorage.removeItem(shelf);
    },
  };
  return made;
}

/** Puts a value into a field. */
export function put(input, value) {
  if (input.type === "checkbox") input.checked = Boolean(value);
  else input.value = value;
}
