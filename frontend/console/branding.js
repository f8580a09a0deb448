/** How an onsale looks to its fans: who sells, a colour that can be read, a picture, words and a link. */

import { call, described } from "./api.js";
import { changes } from "./changes.js";
import { verdict } from "./colours.js";
import { h, set, write } from "./dom.js";
import { draft, put } from "./drafts.js";
import { field, form, inputsOf } from "./fields.js";
import { head } from "./head.js";
import { pictureField } from "./picture.js";
import { BRANDING } from "./words.js";

const NEEDED = {
  picture: "choose the picture that is described here, or take the words away",
  picture_alt: "say what is on the picture, for whoever cannot see it",
  link: "give the address that these words lead to",
  link_text: "say where the link leads",
};
const PREVIEWS = [["before", "Before the line opens"], ["far", "In line"], ["turn", "At their turn"], ["all", "Every state"]];

function fieldsFor(picture) {
  return {
    organiser: field({ name: "organiser", label: "Organiser", hint: "Who sells, above the name.", maxlength: 80, autocomplete: "off" }),
    accent: field({ name: "accent", label: "Colour", hint: "Of buttons and what matters, such as #4338ca.", maxlength: 7, autocomplete: "off", spellcheck: "false" }),
    picture,
    picture_alt: field({ name: "picture_alt", label: "What is on the picture", hint: "For fans who cannot see it.", maxlength: 200, autocomplete: "off" }),
    text: field({ name: "text", label: "Words to everybody", tag: "textarea", rows: 3, maxlength: 400 }),
    link: field({ name: "link", label: "Link", hint: "To read more: an address that begins with https://.", type: "url", maxlength: 500, autocomplete: "off" }),
    link_text: field({ name: "link_text", label: "Words of the link", maxlength: 80, autocomplete: "off" }),
  };
}

/** What is in the fields; what is empty is no part of the branding. */
const valuesOf = (fields) => Object.fromEntries(Object.entries(fields).map(([name, { input }]) => [name, input.value.trim()]).filter(([, value]) => value));

/** Names of the parts that differ. */
const differing = (one, other) => Object.keys(BRANDING).filter((name) => one[name] !== other[name]);

/** The view of `#/onsale/NAME/branding`. */
export async function brandingView(name) {
  const path = `/onsales/${encodeURIComponent(name)}`;
  let [policy, { status_url: status }] = await Promise.all([call(path), described(name)]);
  const top = head(policy, "/branding");
  const pictures = status.slice(0, status.lastIndexOf("/status/"));
  const picture = pictureField({ path, at: (key) => `${pictures}/${key}` });
  const fields = fieldsFor(picture);
  const colour = colourChoice(fields.accent, () => fields.accent.input.dispatchEvent(new Event("input", { bubbles: true })));
  const sample = sampleOf(policy);
  const change = changes({ name, latest: () => policy, changed: follow });
  const reset = h("button", { type: "button", on: { click: forget } }, "Reset");
  putBranding();
  const kept = draft(`${name}:branding`, inputsOf(fields), show);
  kept.latest = () => policy.version;
  const { organiser, accent, picture_alt: alt, text, link, link_text: linkText } = fields;
  const sheet = form({ fields, submit, label: "Branding", faultsOf: (problem) => problem.faults.map(named), children: [
    h("div", { class: "fields" }, organiser.element, h("div", { class: "field" }, accent.element, colour.element)),
    h("div", { class: "fields" }, picture.element, alt.element),
    text.element, h("div", { class: "fields" }, link.element, linkText.element),
    h("p", { class: "buttons" }, h("button", { class: "main" }, "Save the branding"), reset),
  ] });

  function putBranding() {
    for (const [part, { input }] of Object.entries(fields)) put(input, policy.branding[part] ?? "");
  }

  function follow(following) {
    policy = following;
    top.show(policy);
    if (!kept.open) putBranding();
    show();
  }

  function forget() {
    kept.forget();
    picture.hush();
    putBranding();
    show();
  }

  function show() {
    const values = valuesOf(fields);
    picture.show();
    colour.show();
    sample.show(values, values.picture && `${pictures}/${values.picture}`);
    reset.hidden = !kept.open;
  }

  async function submit() {
    const branding = valuesOf(fields);
    const parts = differing(branding, policy.branding);
    if (!parts.length) return forget();
    const words = `Branding changed: ${parts.map((part) => BRANDING[part].toLowerCase()).join(", ")}`;
    return change.make({ method: "PATCH", path: "", body: { branding } }, { version: kept.version ?? policy.version, words, settled: forget });
  }

  show();
  const element = h("div", {}, top.element, change.place, h("div", { class: "sheet" }, h("div", { class: "panel" }, sheet), sample.element));
  return { element, title: `Branding of ${policy.name}`, stop: () => {} };
}

/** A fault by the field's own name, in words that help. */
function named({ field: full, reason }) {
  const name = full.replace(/^branding\./, "");
  return { field: name, reason: reason.startsWith("comes with") ? NEEDED[name] : reason };
}

/** A picker beside the colour's field, and whether text can be read on what it has. */
function colourChoice(accent, changed) {
  const picker = h("input", { type: "color", "aria-label": "Pick the colour", on: { input: () => use(picker.value) } });
  const said = h("p", { class: "effect", role: "status" });
  const instead = h("button", { type: "button", class: "small" });
  instead.addEventListener("click", () => use(instead.value));
  const element = h("div", { class: "beside" }, picker, said, instead);

  function use(colour) {
    accent.input.value = colour;
    changed();
  }

  return {
    element,
    show() {
      const colour = accent.input.value.trim();
      const { fits, words, nearest } = verdict(colour);
      if (/^#[0-9a-f]{6}$/i.test(colour)) picker.value = colour.toLowerCase();
      write(said, words);
      set(said, "data-level", fits ? null : "bad");
      instead.hidden = !nearest;
      instead.value = nearest ?? "";
      write(instead, nearest ? `Use ${nearest}, which can` : "");
    },
  };
}

/** The head of the fans' page in small, with what is typed, and the ways to the whole page as it was saved. */
function sampleOf(policy) {
  const parts = { picture: h("img", { alt: "", hidden: true }), by: h("span", { class: "quiet" }), text: h("span"), button: h("span", { class: "sample-button" }, "Join the line"), link: h("span", { class: "sample-link" }) };
  const links = PREVIEWS.map(([state, words]) => h("li", {}, h("a", { href: `/?onsale=${policy.onsale}&preview=${state}`, target: "_blank", rel: "noopener" }, words)));
  const element = h("section", { class: "panel", "aria-labelledby": "sample" }, h("h2", { id: "sample" }, "How it looks"),
    h("div", { class: "sample", "aria-hidden": "true" }, parts.picture, parts.by, h("strong", {}, policy.name), parts.button, parts.text, parts.link),
    h("p", { class: "quiet" }, "The page itself as fans see it, once it is saved. Each opens in a tab of its own."), h("ul", { class: "points" }, ...links));
  return {
    element,
    show({ organiser = "", accent = "", text = "", link_text: linkText = "" }, address) {
      const { ink } = verdict(accent);
      set(parts.picture, "src", address || null);
      parts.picture.hidden = !address;
      write(parts.by, organiser);
      write(parts.text, text);
      write(parts.link, linkText);
      Object.assign(parts.button.style, ink ? { background: accent, color: ink } : { background: "", color: "" });
    },
  };
}
