// Suggestions under a search box: the APG's editable combobox with a list of choices.
// @github/combobox-nav moves through the list; here stands what is in it, and when it is open.
// Without this script the box and its button search all the same.
import Combobox from "@github/combobox-nav";

const SHORTEST = 2;
const WAIT_MS = 120;
const MOST_KEPT = 50;

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

// The options are links, so that a press with Ctrl, a long touch and Enter do what they do with links.
function group({ label, options }, id) {
  const links = options.map(({ text, url, language }, at) => element("a", {
    class: "cn-suggest__option", role: "option", tabindex: "-1", id: `${id}-${at}`, href: url,
    ...(language && { lang: language }),
  }, text));
  const head = element("div", { class: "cn-suggest__head", role: "presentation", id }, label);
  return element("div", { role: "group", "aria-labelledby": id }, head, ...links);
}

class Box {
  constructor(input) {
    this.input = input;
    this.kept = new Map();
    this.list = element("div", {
      class: "cn-suggest", role: "listbox", id: `${input.id}-suggestions`,
      "aria-label": input.dataset.suggestions,
    });
    this.list.hidden = true;
    this.status = element("div", { class: "cn-hidden", role: "status" });
    input.after(this.list, this.status);
    // A field of the type "search" may not be a combobox.
    input.type = "text";
    input.inputMode = "search";
    input.enterKeyHint = "search";
    input.autocomplete = "off";
    this.nav = new Combobox(input, this.list, { tabInsertsSuggestions: false });
    input.addEventListener("input", (event) => { if (!event.isComposing) this.wait(); });
    input.addEventListener("compositionend", () => this.wait());
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => this.close());
    input.form.addEventListener("submit", () => this.close());
    // The focus stays in the box while the mouse is in the list.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("combobox-commit", () => this.close());
    // Somebody who comes back finds the page as it was left.
    window.addEventListener("pageshow", ({ persisted }) => { if (persisted) this.close(); });
  }

  get isOpen() {
    return !this.list.hidden;
  }

  get words() {
    return this.input.value.trim();
  }

  wait() {
    clearTimeout(this.timer);
    this.request?.abort();
    if (this.words.length < SHORTEST) this.close();
    else if (this.kept.has(this.words)) this.show(this.kept.get(this.words));
    else this.timer = setTimeout(() => this.ask(), WAIT_MS);
  }

  async ask() {
    const asked = this.words;
    const request = new AbortController();
    this.request = request;
    const url = new URL(this.input.dataset.suggest, location.href);
    url.searchParams.set("q", asked);
    try {
      const answer = await fetch(url, {
        headers: { Accept: "application/json" }, signal: request.signal,
      });
      if (!answer.ok) throw new Error(answer.statusText);
      const found = await answer.json();
      this.kept.set(asked, found);
      if (this.kept.size > MOST_KEPT) this.kept.delete(this.kept.keys().next().value);
      if (asked === this.words && document.activeElement === this.input) this.show(found);
    } catch {
      // What was asked for an older text must not close the list of the newer one.
      if (request === this.request && !request.signal.aborted) this.close();
    }
  }

  show({ told, groups }) {
    this.nav.clearSelection();
    this.list.replaceChildren(...groups.map((one, at) => group(one, `${this.list.id}-${at}`)));
    this.list.scrollTop = 0;
    if (!groups.length) this.close();
    else if (!this.isOpen) this.open();
    this.status.textContent = told;
  }

  open() {
    this.list.hidden = false;
    this.nav.start();
  }

  close() {
    clearTimeout(this.timer);
    this.request?.abort();
    this.status.textContent = "";
    if (!this.isOpen) return;
    this.nav.stop();
    this.list.hidden = true;
  }

  // What the library does not: open a closed list by an arrow, and close it by Escape.
  key(event) {
    const isDown = event.key === "ArrowDown";
    if (event.isComposing || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if ((isDown || event.key === "ArrowUp") && !this.isOpen) {
      const found = this.kept.get(this.words);
      if (!found?.groups.length) return;
      event.preventDefault();
      this.show(found);
      if (!event.altKey) this.nav.navigate(isDown ? 1 : -1);
    } else if (event.key === "Escape" && (this.isOpen || this.input.value)) {
      event.preventDefault();
      if (!this.isOpen) this.input.value = "";
      this.close();
    }
  }
}

// Where every byte is paid for, nothing is asked that nobody asked for.
if (!navigator.connection?.saveData) {
  for (const input of document.querySelectorAll("input[data-suggest]")) new Box(input);
}
