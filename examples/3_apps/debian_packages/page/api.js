// SPDX-License-Identifier: BSD-3-Clause
// Sends requests to the service. Every failure is an Error with a message for the user.

async function send(method, path, body, signal) {
  let response;
  try {
    response = await fetch(path, {
      method,
      signal,
      cache: "no-store", // without it, going back in the history would show an old answer
      headers: body === undefined ? {} : { "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (failure) {
    if (failure.name === "AbortError") throw failure;
    throw new Error("The service cannot be reached. Is it running?");
  }
  if (response.status === 204) return null;
  const answer = await response.json().catch(() => null);
  if (response.ok && answer !== null) return answer;
  throw new Error(explain(response.status, answer?.error));
}

function explain(status, error) {
  if (status === 404) return "This does not exist, or not any more.";
  if (status === 503) return "The database cannot be reached just now. Try again in a moment.";
  if (status >= 500) return "The service has a problem. Its log knows more.";
  return `The service refused this: ${error ?? `status ${status}`}.`;
}

const packagePath = (name) => `/packages/${encodeURIComponent(name)}`;
const notePath = (name, id = "") => `${packagePath(name)}/notes${id && `/${id}`}`;

export const search = (text, limit, offset, signal) =>
  send("GET", `/packages?${new URLSearchParams({ search: text, limit, offset })}`, undefined, signal);
export const getPackage = (name, signal) => send("GET", packagePath(name), undefined, signal);
export const getDependents = (name, limit, offset) =>
  send("GET", `${packagePath(name)}/dependents?${new URLSearchParams({ limit, offset })}`);
export const getMaintainer = (id, signal) =>
  send("GET", `/maintainers/${encodeURIComponent(id)}`, undefined, signal);
export const addNote = (name, note) => send("POST", notePath(name), note);
export const changeNote = (name, id, note) => send("PATCH", notePath(name, id), note);
export const removeNote = (name, id) => send("DELETE", notePath(name, id));
