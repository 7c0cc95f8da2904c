// The page where people write: rich text in the fields, and nothing of it lost. Without this the
// fields take simple Markdown, and the buttons below them save.
import { begin as beginAutosave } from "./editor/autosave.js";
import { begin as beginRich } from "./editor/rich.js";

for (const form of document.querySelectorAll("form:has(textarea[data-rich]), form[data-autosave]")) {
  beginRich(form);
  if (form.dataset.autosave !== undefined) beginAutosave(form);
}
