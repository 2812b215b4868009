// SPDX-License-Identifier: BSD-3-Clause
// Shows the view that the fragment of the address names: #/, #/search/TEXT, #/packages/NAME, #/maintainers/ID.
import { element } from "./dom.js";
import { maintainerView, packageView, searchView } from "./views.js";

const view = document.getElementById("view");
const problem = document.getElementById("problem");
const input = document.getElementById("search");
const debounceTime = 150;

function route() {
  const [, kind = "", ...rest] = location.hash.replace(/^#/, "").split("/");
  let text = rest.join("/");
  try {
    text = decodeURIComponent(text);
  } catch {
    // A fragment that was typed by hand may not be encoded: it is used as it is.
  }
  return { kind, text };
}

function fetchView({ kind, text }, signal) {
  if (kind === "packages") return packageView(text, signal, showProblem);
  if (kind === "maintainers") return maintainerView(text, signal);
  return searchView(text, signal, showProblem);
}

// Only the newest request may change the page. Older ones are aborted; an answer that arrives
// nevertheless is ignored.
let newest = new AbortController();

async function show({ scrollTo = 0 } = {}) {
  newest.abort();
  const mine = (newest = new AbortController());
  const wanted = route();
  const isSearch = wanted.kind === "" || wanted.kind === "search";
  view.setAttribute("aria-busy", "true");
  try {
    const elements = await fetchView(wanted, mine.signal);
    if (mine !== newest) return;
    problem.hidden = true;
    view.replaceChildren(...elements);
    document.title = isSearch ? "Debian packages" : `${view.querySelector("h1").firstChild.textContent} – Debian packages`;
    window.scrollTo(0, scrollTo);
  } catch (failure) {
    if (mine !== newest) return;
    view.replaceChildren();
    showProblem(failure);
  }
  view.setAttribute("aria-busy", "false");
}

function showProblem(failure) {
  const again = element("button", { type: "button" }, "Try again");
  again.addEventListener("click", () => show());
  problem.replaceChildren(element("span", {}, failure.message), again);
  problem.hidden = false;
}

// Typing changes the address: the first letter is a step of the history, the others are not.
let timer = 0;

function search() {
  const text = input.value.trim();
  const { kind } = route();
  const address = text ? `#/search/${encodeURIComponent(text)}` : "#/";
  if (address === location.hash) return;
  if (kind === "search") history.replaceState(history.state, "", address);
  else history.pushState(null, "", address);
  remember();
  show();
}

input.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(search, debounceTime);
});
input.form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(timer);
  search();
});

// Restores the scroll position when the user goes back: each step of the history has a number.
history.scrollRestoration = "manual";
const scrolled = new Map();
let step = 0;

function remember() {
  if (history.state === null) history.replaceState({ step: Date.now() }, "");
  step = history.state.step;
}

function arrive() {
  clearTimeout(timer);
  remember();
  const { kind, text } = route();
  if (kind === "" || kind === "search") input.value = text;
  show({ scrollTo: scrolled.get(step) ?? 0 });
}

window.addEventListener("scroll", () => scrolled.set(step, window.scrollY), { passive: true });
window.addEventListener("popstate", arrive);
arrive();
