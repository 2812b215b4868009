// SPDX-License-Identifier: BSD-3-Clause
// Creates elements. Strings become text nodes and are never read as HTML.

/** element("a.plain", { href: "#/" }, "text", child): children that are null are left out. */
export function element(kind, properties = {}, ...children) {
  const [tag, ...classes] = kind.split(".");
  const made = document.createElement(tag);
  if (classes.length) made.className = classes.join(" ");
  for (const [name, value] of Object.entries(properties)) {
    if (name in made) made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children.flat().filter((child) => child !== null));
  return made;
}

export const packageAddress = (name) => `#/packages/${encodeURIComponent(name)}`;

/** Returns the text with each occurrence of `part` marked. */
export function marked(text, part) {
  if (!part) return [text];
  return text.split(part).flatMap((piece, i) => (i ? [element("mark", {}, part), piece] : [piece]));
}

/** Returns the list of packages of a search or a maintainer. */
export function packageRows(packages, part = "") {
  return packages.map((one) =>
    element("li", {},
      element("a.row", { href: packageAddress(one.name) },
        element("strong", {}, ...marked(one.name, part)),
        element("span.summary", {}, one.summary),
        element("span.quiet.small", {}, one.section ?? ""))));
}

/** Returns a button that loads the next part of a list, until the list is complete. */
export function moreButton(list, total, load, onProblem) {
  const button = element("button.more", { type: "button" });
  const update = () => {
    const left = total - list.children.length;
    button.hidden = left <= 0;
    button.textContent = `Show more (${left.toLocaleString("en")} left)`;
  };
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      list.append(...(await load(list.children.length)));
    } catch (failure) {
      onProblem(failure);
    }
    button.disabled = false;
    update();
  });
  update();
  return button;
}
