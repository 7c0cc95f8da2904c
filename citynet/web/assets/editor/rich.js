// Rich text in place of a textarea that holds Markdown. The textarea stays, hidden, and carries the
// HTML; the form's field `format` tells which of the two it is.
/*! Squire 2.4.8, Copyright Neil Jenkins and others, MIT licence: https://github.com/fastmail/Squire */
import Squire from "squire-rte";
import { clean } from "./clean.js";
import { fromClipboard } from "./paste.js";
import * as tables from "./tables.js";
import { Toolbar } from "./toolbar.js";
import { htmlOf } from "./write.js";

const editors = new WeakMap();
const WRITE = 250;
const UNDO = { documentSizeThreshold: 50_000, undoLimit: 100 };

export function begin(form) {
  const words = document.querySelector("template[data-rich-words]");
  const { format } = form.elements;
  if (!words || !format) return;
  const enrich = () => {
    for (const source of form.querySelectorAll("textarea[data-rich]")) {
      if (!editors.has(source)) editors.set(source, new Rich(source, words));
    }
  };
  enrich();
  format.value = "html";
  // A row that is added later has fields, too.
  new MutationObserver((changes) => {
    if (changes.some((one) => [...one.addedNodes].some((node) => node.querySelector?.("textarea[data-rich]")))) enrich();
  }).observe(form, { childList: true, subtree: true });
  form.addEventListener("submit", () => write(form), { capture: true });
}

// Brings the textareas up to date.
export function write(form) {
  for (const source of form.querySelectorAll("textarea[data-rich]")) editors.get(source)?.write();
}

export function set(source, html) {
  const rich = editors.get(source);
  if (rich) rich.set(html);
  else source.value = html;
}

class Rich {
  constructor(source, words) {
    this.source = source;
    this.frame = document.createElement("div");
    this.frame.className = "cn-rich";
    this.root = document.createElement("div");
    this.root.className = "cn-rich__text cn-prose";
    const label = this.takePlace();
    this.editor = new Squire(this.root, {
      blockTag: "P",
      undo: UNDO,
      sanitizeToDOMFragment: (html) => (this.isSetting ? clean(html) : fromClipboard(html)),
    });
    this.toolbar = new Toolbar(this.editor, this.root, words, label);
    this.frame.append(this.toolbar.bar, this.toolbar.box, this.root);
    this.listen();
    this.set(source.dataset.html ?? "");
    this.source.hidden = true;
    this.source.required = false;
    this.source.after(this.frame);
  }

  // The name, the hint and the error of the textarea, and its id: links in the summary of errors lead there.
  takePlace() {
    const { root, source } = this;
    const label = source.labels[0];
    root.id = source.id;
    source.id = `${root.id}-source`;
    root.setAttribute("role", "textbox");
    root.setAttribute("aria-multiline", "true");
    for (const name of ["aria-describedby", "aria-invalid", "lang", "dir"]) {
      if (source.hasAttribute(name)) root.setAttribute(name, source.getAttribute(name));
    }
    if (!label) {
      root.setAttribute("aria-label", source.getAttribute("aria-label") ?? source.name);
      return root.getAttribute("aria-label");
    }
    label.id ||= `${root.id}-label`;
    root.setAttribute("aria-labelledby", label.id);
    label.addEventListener("click", () => root.focus());
    return label.firstChild?.textContent.trim() || label.textContent.trim();
  }

  listen() {
    const { editor, frame, root, source } = this;
    editor.addEventListener("input", () => {
      if (this.isSetting) return;
      // Reading a long text at every key would be felt; whoever needs it before calls `write`.
      this.isChanged = true;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.write(), WRITE);
      source.dispatchEvent(new Event("input", { bubbles: true }));
    });
    // Before the editor hears the key.
    frame.addEventListener("keydown", (event) => {
      if (event.target !== root || event.isComposing) return;
      if (this.toolbar.key(event) || tables.handleKey(editor, event)) {
        event.preventDefault();
        event.stopPropagation();
      } else if (event.key === " " && tables.cellAt(editor)) {
        // A star and a space begin a list elsewhere.
        event.stopPropagation();
      }
    }, { capture: true });
    editor.addEventListener("willPaste", (event) => {
      if (!tables.cellAt(editor)) return;
      event.preventDefault();
      tables.putIn(editor, event.detail.fragment);
    });
    // What the editor calls its own events also leaves the field by bubbling: only the textarea speaks.
    root.addEventListener("input", (event) => event.stopPropagation());
    const leave = () => {};
    for (const key of ["Tab", "Shift-Tab", "PageUp", "PageDown"]) editor.setKeyHandler(key, leave);
  }

  set(html) {
    this.isSetting = true;
    this.editor.setHTML(html);
    // The editor hears of it a moment later, and that is no change.
    setTimeout(() => { this.isSetting = false; });
    this.isChanged = true;
    this.write();
    this.toolbar.show();
  }

  write() {
    if (!this.isChanged) return;
    this.source.value = htmlOf(this.editor.getHTML());
    this.isChanged = false;
  }
}
