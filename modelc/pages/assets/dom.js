// Elements. What a spec says is set as text, never as markup.
const byId = (id) => document.getElementById(id);

function element(tag, properties, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (name in made) made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

const SVG = "http://www.w3.org/2000/svg";

function drawn(tag, attributes, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function dot(colour) {
  const made = element("i");
  made.style.background = colour;
  return made;
}

// The colours of the theme, which the drawing takes from the styles.
function themeColours() {
  const style = getComputedStyle(document.documentElement);
  const names = ["page", "card", "ink", "soft", "line", "edge", "accent", "accent-soft", "added", "removed", "changed", "renamed"];
  return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}
