// SPDX-License-Identifier: BSD-3-Clause
// The three views: each is fetched and returned as elements.
import * as api from "./api.js";
import { element, moreButton, packageAddress, packageRows } from "./dom.js";
import { notesCard } from "./notes.js";

const pageSize = 50;
const count = (number, one, many) => `${number.toLocaleString("en")} ${number === 1 ? one : many}`;

export async function searchView(text, signal, onProblem) {
  const found = await api.search(text, pageSize, 0, signal);
  const part = text.toLowerCase();
  const head = element("div.head", {},
    element("h1", {}, text ? `Packages with “${text}”` : "All packages"),
    element("span.quiet", { id: "total" }, count(found.total, "package", "packages")));
  if (found.total === 0) {
    return [head, element("div.card.nothing", {}, "No package has a name like this.")];
  }
  const list = element("ul.rows.card", { id: "results" }, packageRows(found.packages, part));
  const load = async (offset) => packageRows((await api.search(text, pageSize, offset)).packages, part);
  return [head, list, moreButton(list, found.total, load, onProblem)];
}

export async function maintainerView(id, signal) {
  const one = await api.getMaintainer(id, signal);
  return [
    element("div.head", {},
      element("div", {},
        element("h1", {}, one.name || one.email),
        element("p.lede", {}, element("a", { href: `mailto:${one.email}` }, one.email))),
      element("span.quiet", { id: "total" }, count(one.packages.length, "package", "packages"))),
    element("ul.rows.card", { id: "results" }, packageRows(one.packages)),
  ];
}

export async function packageView(name, signal, onProblem) {
  const one = await api.getPackage(name, signal);
  const hasOthers = one.dependencies.some(({ kind }) => !(kind in verbs));
  return [
    element("div.head", {},
      element("div", {},
        element("h1", {}, one.name, " ", element("span.version", {}, one.version)),
        element("p.lede", {}, one.summary))),
    element("div.columns", {},
      element("div.stack", {},
        one.description ? element("section.card", {}, element("p.description", {}, one.description)) : null,
        relationsCard("needs", "What it needs", needs, one.dependencies),
        neededByCard(one.name, one.dependents, onProblem),
        hasOthers ? relationsCard("others", "Other relations", otherRelations, one.dependencies) : null),
      element("div.stack", {}, factsCard(one), notesCard(one.name, one.notes))),
  ];
}

const sizeText = (kibibytes) =>
  kibibytes < 1024 ? `${kibibytes} KiB` : `${(kibibytes / 1024).toFixed(1)} MiB`;

function homepageLink(address) {
  if (!/^https?:\/\//.test(address)) return address;
  return element("a", { href: address, rel: "noreferrer" }, address.replace(/^https?:\/\/(www\.)?|\/$/g, ""));
}

function factsCard(one) {
  const facts = {
    Maintainer: one.maintainer && element("a", { id: "maintainer", href: `#/maintainers/${one.maintainer.id}` },
      one.maintainer.name || one.maintainer.email),
    Section: one.section,
    Priority: one.priority,
    Architecture: one.architecture,
    Installed: one.installed_size !== null ? sizeText(one.installed_size) : null,
    Homepage: one.homepage && homepageLink(one.homepage),
  };
  return element("section.card", {}, element("dl.facts", {},
    Object.entries(facts).filter(([, value]) => value)
      .flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)])));
}

const needs = [
  ["pre_depends", "Depends, before it is unpacked"], ["depends", "Depends"], ["recommends", "Recommends"],
  ["suggests", "Suggests"],
];
const otherRelations = [
  ["enhances", "Enhances"], ["breaks", "Breaks"], ["conflicts", "Conflicts"], ["replaces", "Replaces"],
];
const verbs = { pre_depends: "depends", depends: "depends", recommends: "recommends", suggests: "suggests" };

function dependencyItem(one) {
  // A package without a summary is not in this database: it is virtual, or not installed.
  const name = one.summary !== null ? element("a", { href: packageAddress(one.name) }, one.name) : one.name;
  const details = [one.version && `(${one.version})`, one.architecture && `[${one.architecture}]`,
    one.alternatives && `or ${one.alternatives}`].filter(Boolean).join(" ");
  return element("li", {}, name,
    details ? element("span.quiet", {}, ` ${details}`) : null,
    one.summary ? element("span.quiet", {}, ` – ${one.summary}`) : null);
}

function relationsCard(id, title, kinds, dependencies) {
  const groups = kinds
    .map(([kind, name]) => [name, dependencies.filter((one) => one.kind === kind)])
    .filter(([, items]) => items.length > 0)
    .map(([name, items]) => element("div.group", {},
      element("h3", {}, name), element("ul.names", {}, items.map(dependencyItem))));
  return element("section.card", { id },
    element("div.head", {}, element("h2", {}, title)),
    groups.length ? groups : element("span.quiet", {}, "Nothing."));
}

function neededByCard(name, dependents, onProblem) {
  const item = (one) => element("li", {},
    element("a", { href: packageAddress(one.name) }, one.name),
    element("span.quiet", {}, ` ${verbs[one.kind]} – ${one.summary}`));
  const list = element("ul.names", {}, dependents.packages.map(item));
  const load = async (offset) => (await api.getDependents(name, pageSize, offset)).packages.map(item);
  return element("section.card", { id: "needed-by" },
    element("div.head", {}, element("h2", {}, "What needs it"),
      element("span.quiet", {}, dependents.total ? dependents.total.toLocaleString("en") : "")),
    dependents.total ? [list, moreButton(list, dependents.total, load, onProblem)]
      : element("span.quiet", {}, "Nothing."));
}
