// The buttons above a field: one stop of the Tab key, the arrow keys within, as the ARIA Authoring
// Practices describe a toolbar. Alt+F10 leads here from the text, Escape back.
import { isAddress } from "./clean.js";
import * as tables from "./tables.js";

const KEYS = { b: "bold", i: "italic", k: "link" };
const PARTS = { heading: "h2,h3,h4", bullets: "ul", numbers: "ol", quote: "blockquote", link: "a", bold: "b,strong", italic: "i,em" };
// These would tear a table apart.
const NOT_IN_TABLE = ["heading", "bullets", "numbers", "quote", "table"];

export class Toolbar {
  constructor(editor, root, words, label) {
    this.editor = editor;
    this.root = root;
    this.words = words;
    this.bar = words.content.querySelector("[role=toolbar]").cloneNode(true);
    this.box = words.content.querySelector("[data-rich-link]").cloneNode(true);
    this.bar.setAttribute("aria-label", words.dataset.bar.replace("{field}", label));
    this.bar.setAttribute("aria-controls", root.id);
    this.buttons = [...this.bar.querySelectorAll("button")];
    this.buttons.forEach((button, number) => { button.tabIndex = number ? -1 : 0; });
    this.bar.addEventListener("click", (event) => this.press(event.target.closest("button")));
    this.bar.addEventListener("keydown", (event) => this.move(event));
    // The text keeps what is chosen in it while a button is pressed.
    this.bar.addEventListener("mousedown", (event) => event.preventDefault());
    this.prepareLink(label);
    for (const name of ["pathChange", "select", "cursor", "input", "undoStateChange"]) {
      editor.addEventListener(name, () => this.show());
    }
    this.show();
  }

  // The nearest part of a kind around the cursor.
  around(selector) {
    const range = this.editor.getSelection();
    // What is chosen may be a whole link, and begin outside of it.
    const inside = selector === "a" && !range.collapsed && [...this.root.querySelectorAll("a")].find((one) => range.intersectsNode(one));
    if (inside) return inside;
    const node = range.commonAncestorContainer;
    const found = (node.nodeType === 1 ? node : node.parentElement)?.closest(selector);
    return found && found !== this.root && this.root.contains(found) ? found : null;
  }

  has(name) {
    if (name === "bold" || name === "italic") return this.editor.hasFormat(name === "bold" ? "B" : "I");
    if (name === "bullets" || name === "numbers") return this.around("ul,ol")?.matches(PARTS[name]) ?? false;
    return Boolean(this.around(PARTS[name]));
  }

  show() {
    const isInTable = Boolean(tables.cellAt(this.editor));
    for (const button of this.buttons) {
      const name = button.dataset.do;
      if (PARTS[name]) button.setAttribute("aria-pressed", String(this.has(name)));
      if (NOT_IN_TABLE.includes(name)) button.setAttribute("aria-disabled", String(isInTable));
      if (tables.commands[name]) button.hidden = !isInTable;
    }
    if (this.bar.querySelector("[tabindex='0']")?.hidden) this.rove(this.buttons[0]);
  }

  rove(to) {
    for (const button of this.buttons) button.tabIndex = button === to ? 0 : -1;
  }

  move(event) {
    const seen = this.buttons.filter((button) => !button.hidden);
    const at = seen.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
    if (event.key === "Escape") this.editor.focus();
    else if (to === undefined) return;
    else {
      const next = seen.at(to % seen.length);
      this.rove(next);
      next.focus();
    }
    event.preventDefault();
  }

  focus() {
    this.bar.querySelector("[tabindex='0']").focus();
  }

  // Returns whether a key is a short cut of ours.
  key(event) {
    if (event.altKey && event.key === "F10") this.focus();
    else if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && KEYS[event.key.toLowerCase()]) {
      this.run(KEYS[event.key.toLowerCase()]);
    } else return false;
    return true;
  }

  press(button) {
    if (!button || button.getAttribute("aria-disabled") === "true") return;
    this.rove(button);
    this.run(button.dataset.do);
    this.show();
  }

  run(name) {
    const { editor } = this;
    const isOn = PARTS[name] && this.has(name);
    if (tables.commands[name]) tables.run(editor, name);
    else if (name === "bold") editor[isOn ? "removeBold" : "bold"]();
    else if (name === "italic") editor[isOn ? "removeItalic" : "italic"]();
    else if (name === "undo" || name === "redo") editor[name]();
    else if (name === "table") tables.insert(editor);
    else if (name === "link") this.openLink();
    else if (name === "heading") this.toHeading(isOn ? "P" : "H3");
    else if (isOn) editor[name === "quote" ? "removeQuote" : "removeList"]();
    else editor[{ bullets: "makeUnorderedList", numbers: "makeOrderedList", quote: "increaseQuoteLevel" }[name]]();
  }

  toHeading(tag) {
    this.editor.modifyBlocks((part) => {
      for (const block of part.querySelectorAll("p,div,h2,h3,h4")) {
        if (block.closest("li,table") || block.querySelector("p,div,ul,ol,table")) continue;
        const made = document.createElement(tag);
        made.append(...block.childNodes);
        block.replaceWith(made);
      }
      return part;
    });
    this.editor.focus();
  }

  prepareLink(label) {
    const [input] = this.box.querySelectorAll("input");
    const named = this.box.querySelector("label");
    input.id = `${this.root.id}-link`;
    named.htmlFor = input.id;
    this.box.setAttribute("aria-label", `${named.textContent}: ${label}`);
    this.problem = this.box.querySelector("[data-rich-problem]");
    this.problem.id = `${input.id}-error`;
    this.input = input;
    this.box.addEventListener("click", (event) => {
      const what = event.target.closest("button")?.dataset.link;
      if (what) this.closeLink(what);
    });
    this.box.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" && !(event.key === "Enter" && event.target === input)) return;
      event.preventDefault();
      event.stopPropagation();
      this.closeLink(event.key === "Enter" ? "set" : "cancel");
    });
    // It is no field of the form.
    for (const name of ["input", "change"]) this.box.addEventListener(name, (event) => event.stopPropagation());
  }

  openLink() {
    const link = this.around("a");
    if (link) {
      const range = document.createRange();
      range.selectNodeContents(link);
      this.editor.setSelection(range);
    }
    this.range = this.editor.getSelection();
    this.input.value = link?.getAttribute("href") ?? "";
    this.box.querySelector("[data-link=remove]").hidden = !link;
    this.tell("");
    this.box.hidden = false;
    this.input.focus();
  }

  tell(sentence) {
    this.problem.textContent = sentence;
    this.input.setAttribute("aria-invalid", String(Boolean(sentence)));
    if (sentence) this.input.setAttribute("aria-describedby", this.problem.id);
    else this.input.removeAttribute("aria-describedby");
  }

  closeLink(what) {
    let address = this.input.value.trim();
    if (/^[^\s:@/]+\.[^\s:@]+$/.test(address)) address = `https://${address}`;
    if (/^[^\s@:/]+@[^\s@]+\.[^\s@]+$/.test(address)) address = `mailto:${address}`;
    if (what === "set" && address && !isAddress(address)) {
      this.tell(this.words.dataset.badLink);
      this.input.focus();
      return;
    }
    this.box.hidden = true;
    this.editor.setSelection(this.range);
    this.editor.focus();
    if (what === "cancel") return;
    this.editor.saveUndoState();
    if (what === "remove" || !address) this.editor.removeLink();
    else this.editor.makeLink(address);
  }
}
