/** Elements, made and changed without markup in strings: nothing that is told can become markup. */

const SVG = "http://www.w3.org/2000/svg";

/** An element with attributes, listeners under `on`, and children; null and false are left out. */
export function h(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

/** As `h`, for parts of a drawing. */
export function svg(tag, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

function filled(element, { on = {}, ...attributes }, children) {
  for (const [name, value] of Object.entries(attributes)) set(element, name, value);
  for (const [event, listen] of Object.entries(on)) element.addEventListener(event, listen);
  element.append(...children.flat().filter((child) => child !== null && child !== false));
  return element;
}

/** Sets an attribute, or takes it away. What is as it was is left alone, so that nothing is read out again. */
export function set(element, name, value) {
  if (value === null || value === undefined || value === false) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value === true ? "" : value)) element.setAttribute(name, value === true ? "" : value);
}

/** Writes a text where it differs. */
export function write(element, text) {
  if (element.textContent !== String(text)) element.textContent = text;
}

/** Puts other children in place of those there are. */
export function fill(element, ...children) {
  element.replaceChildren(...children.flat().filter((child) => child !== null && child !== false));
}

/** Says something to those who listen, once. */
export function say(text) {
  const polite = document.getElementById("polite");
  polite.textContent = "";
  requestAnimationFrame(() => { polite.textContent = text; });
}
