// SPDX-License-Identifier: BSD-3-Clause
// The notes of a package: shown, added, changed, deleted.
import * as api from "./api.js";
import { element } from "./dom.js";

const formatTime = (text) =>
  new Date(text).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });

/** Returns the section "Notes" of a package. */
export function notesCard(packageName, notes) {
  const list = element("ul.notes", {}, notes.map((note) => noteItem(packageName, note)));
  const form = noteForm("Add note", { author: null, text: "" }, async (wanted) => {
    const added = await api.addNote(packageName, wanted);
    list.append(noteItem(packageName, added));
    form.reset();
  });
  return element("section.card", { id: "notes" }, element("div.head", {}, element("h2", {}, "Notes")), list, form);
}

function noteItem(packageName, note) {
  const item = element("li.note");
  const problem = element("p.wrong", { role: "alert", hidden: true });

  const show = () => {
    const edit = element("button.plain", { type: "button" }, "Edit");
    edit.addEventListener("click", () => change());
    item.replaceChildren(
      element("div.meta.small.quiet", {},
        element("span", {}, `${note.author ?? "anonymous"}, ${formatTime(note.created_at)}`),
        edit, deleteButton(remove)),
      element("p.text", {}, note.text),
      problem);
  };

  const change = () => {
    const form = noteForm("Save", note, async (wanted) => {
      note = await api.changeNote(packageName, note.id, wanted);
      show();
    }, show);
    item.replaceChildren(form);
    form.elements.text.focus();
  };

  const remove = async () => {
    try {
      await api.removeNote(packageName, note.id);
      item.remove();
    } catch (failure) {
      problem.textContent = failure.message;
      problem.hidden = false;
    }
  };

  show();
  return item;
}

/** Returns a button that has to be clicked twice. */
function deleteButton(remove) {
  const button = element("button.plain", { type: "button" }, "Delete");
  let armed = false;
  const arm = (value) => {
    armed = value;
    button.textContent = armed ? "Really delete?" : "Delete";
  };
  button.addEventListener("blur", () => arm(false));
  button.addEventListener("click", async () => {
    if (!armed) return arm(true);
    button.disabled = true;
    await remove();
    button.disabled = false;
    arm(false);
  });
  return button;
}

/** Returns a form for a note; `save` is called with the new values. */
function noteForm(label, note, save, cancel = null) {
  const author = element("input", { name: "author", maxLength: 100, placeholder: "Your name (optional)",
    ariaLabel: "Your name", value: note.author ?? "" });
  const text = element("textarea", { name: "text", maxLength: 10000, required: true,
    placeholder: "What is worth knowing about this package?", ariaLabel: "Note", value: note.text });
  const problem = element("p.wrong", { role: "alert", hidden: true });
  const submit = element("button.main", { type: "submit" }, label);
  const buttons = element("div.buttons", {}, submit);
  if (cancel) {
    const button = element("button", { type: "button" }, "Cancel");
    button.addEventListener("click", cancel);
    buttons.append(button);
  }
  const form = element("form.form", {}, text, author, problem, buttons);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    submit.disabled = true;
    problem.hidden = true;
    try {
      await save({ text: text.value, author: author.value.trim() || null });
    } catch (failure) {
      problem.textContent = failure.message;
      problem.hidden = false;
    }
    submit.disabled = false;
  });
  return form;
}
