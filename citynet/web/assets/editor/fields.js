// What a form holds, as pairs of name and text, and back.
import { set, write } from "./rich.js";

const NOT_TEXT = new Set(["csrf_token", "base"]);

export function read(form) {
  write(form);
  return [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !NOT_TEXT.has(name));
}

// Puts texts back. What has no field on this page (a row that was added) goes along hidden; returns
// whether there was such.
export function fill(form, pairs) {
  const left = new Map();
  for (const [name, value] of pairs) left.set(name, [...(left.get(name) ?? []), value]);
  for (const field of [...form.elements]) {
    if (!field.name || NOT_TEXT.has(field.name) || /^(submit|button|file|image|reset)$/.test(field.type)) continue;
    const values = left.get(field.name) ?? [];
    if (field.type === "checkbox" || field.type === "radio") field.checked = take(values, field.value);
    else if (field.type === "select-multiple") for (const option of field.options) option.selected = take(values, option.value);
    else if (values.length) put(field, values.shift());
  }
  const rest = [...left].flatMap(([name, values]) => values.map((value) => [name, value]));
  for (const [name, value] of rest) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name, value });
    form.append(field);
  }
  return rest.length > 0;
}

function take(values, value) {
  const at = values.indexOf(value);
  if (at >= 0) values.splice(at, 1);
  return at >= 0;
}

function put(field, value) {
  if (field.matches("textarea[data-rich]")) set(field, value);
  else field.value = value;
}

// Says beside each field why it was not taken; what was said before goes.
export function showErrors(form, errors) {
  for (const note of form.querySelectorAll("[data-refused]")) {
    const field = document.getElementById(note.dataset.refused);
    field?.removeAttribute("aria-invalid");
    const others = (field?.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id !== note.id);
    if (others.join("")) field.setAttribute("aria-describedby", others.join(" "));
    else field?.removeAttribute("aria-describedby");
    note.remove();
  }
  for (const [name, sentence] of Object.entries(errors)) {
    const found = form.elements[name];
    const named = found instanceof RadioNodeList ? found[0] : found;
    if (!named?.id) continue;
    const field = document.getElementById(named.id.replace(/-source$/, ""));
    if (!field || document.getElementById(`${field.id}-error`)) continue;
    const note = document.createElement("p");
    note.className = "govuk-error-message";
    note.id = `${field.id}-error`;
    note.dataset.refused = field.id;
    note.textContent = [sentence].flat().join(" ");
    (field.closest(".cn-rich") ?? field).before(note);
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") ?? ""} ${note.id}`.trim());
  }
}
