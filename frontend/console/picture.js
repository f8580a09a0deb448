/** A field for an onsale's picture: it is uploaded when it is chosen, so that what is wrong with it is said at once. */

import { call } from "./api.js";
import { h, set, write } from "./dom.js";
import { field } from "./fields.js";

const LARGEST = 200_000;
const KINDS = "image/png,image/jpeg,image/webp";

/** `path` is the onsale's among the admin routes; `at(name)` is where a picture is that the upload named so. */
export function pictureField({ path, at }) {
  const made = field({ name: "file", label: "Picture", hint: "A PNG, JPEG or WebP of at most 200 kB, about 4 to 3, what matters in its middle. Fans see it once you save.", type: "file", accept: KINDS });
  const name = h("input", { type: "hidden", name: "picture" });
  const shown = h("img", { alt: "", class: "thumb", hidden: true });
  const said = h("p", { class: "quiet", role: "status" });
  const away = h("button", { type: "button", class: "small", hidden: true, on: { click: () => become("", "The picture goes once you save.") } }, "Take the picture away");
  const element = h("div", { class: "field" }, made.element, h("div", { class: "beside" }, shown, away), said);
  made.input.addEventListener("change", choose);

  async function choose() {
    const [file] = made.input.files;
    made.fault(null);
    if (!file) return;
    if (file.size > LARGEST) return made.fault(`It has ${Math.ceil(file.size / 1_000)} kB, and 200 kB are the most.`);
    write(said, "Uploading…");
    try {
      const { picture } = await call(`${path}/picture`, { method: "POST", body: file });
      become(picture, "Uploaded. Fans see it once you save.");
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      write(said, "");
      made.fault(problem.faults.length ? `It has to be ${problem.faults[0].reason}.` : problem.message);
    }
  }

  function become(picture, words) {
    name.value = picture;
    made.input.value = "";
    name.dispatchEvent(new Event("input", { bubbles: true }));
    write(said, words);
  }

  return {
    element,
    input: name,
    goal: made.input,
    fault: made.fault,
    /** Shows the picture that is named, after it was put in or taken out. */
    show() {
      set(shown, "src", name.value ? at(name.value) : null);
      shown.hidden = !name.value;
      away.hidden = !name.value;
    },
    /** Says nothing any more of what was done to it. */
    hush: () => write(said, ""),
  };
}
