// Saving by itself: two seconds after the last change, every fifteen at most while the typing goes
// on. What was not sent stands in this browser until it is, or until its author discards it.
import { fill, read, showErrors } from "./fields.js";
import { Kept, drop } from "./kept.js";

const QUIET = 2_000;
const LONGEST = 15_000;
const KEEP = 300;
const PATIENCE = 30_000;
const MOST_PAUSE = 60_000;
// After these the server has seen the text; the page it answers next says what is to be done.
const SEEN = new Set(["saved", "refused", "conflict"]);

export function begin(form) {
  new Autosave(form).begin();
}

class Autosave {
  constructor(form) {
    this.form = form;
    this.words = document.querySelector("template[data-rich-words]");
    this.status = form.querySelector("[data-saved]") ?? document.querySelector("[data-saved]");
    this.kept = new Kept(form.dataset.person, form.dataset.key);
    this.failures = 0;
    this.state = "";
  }

  begin() {
    const { form } = this;
    this.last = this.serial();
    // The page came back with a text that the server did not take.
    if (form.dataset.guard === "changed") this.last = "";
    // From here on this script knows what is unsaved.
    form.removeAttribute("data-guard");
    for (const name of ["input", "change"]) form.addEventListener(name, () => this.changed());
    form.addEventListener("submit", (event) => this.submit(event));
    addEventListener("online", () => this.goOn());
    addEventListener("focus", () => { if (this.state === "signedOut") this.goOn(); });
    addEventListener("pageshow", () => { this.isLeaving = false; });
    addEventListener("pagehide", () => this.keep());
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.leaveSoon(); });
    addEventListener("beforeunload", (event) => { if (!this.isLeaving && this.isDirty()) event.preventDefault(); });
    for (const one of this.kept.others()) this.offer(one);
    if (this.isDirty()) this.changed();
  }

  serial() {
    return JSON.stringify(read(this.form));
  }

  isDirty() {
    return this.serial() !== this.last;
  }

  changed() {
    // The editor also reports what extensions of a browser mark in its text, and leaving a field is
    // reported once more after it was saved. Between two saves the text itself is asked once.
    const isAtRest = !this.state || this.state === "saved";
    if (isAtRest && !this.isDirty()) return;
    this.since ??= Date.now();
    clearTimeout(this.keeping);
    this.keeping = setTimeout(() => this.keep(), KEEP);
    // Nothing is written over somebody else's text: the author compares first.
    if (this.state === "conflict") return;
    this.plan(Math.max(0, Math.min(QUIET, this.since + LONGEST - Date.now())));
    if (isAtRest) this.tell("saving");
  }

  plan(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), pause);
  }

  keep() {
    clearTimeout(this.keeping);
    if (!this.isDirty()) return;
    const isKept = this.kept.keep(read(this.form), this.form.elements.base?.value ?? "");
    if (!isKept) this.tell("full");
  }

  leaveSoon() {
    this.keep();
    if (this.isDirty() && this.state !== "conflict") this.save();
  }

  goOn() {
    this.failures = 0;
    if (this.state !== "conflict" && this.isDirty()) this.save();
  }

  // Returns what came of it; a second call waits for the first.
  save() {
    this.sending ??= this.send().finally(() => { this.sending = null; });
    return this.sending;
  }

  async send() {
    clearTimeout(this.timer);
    const sent = this.serial();
    if (sent === this.last) {
      this.since = undefined;
      this.kept.clear();
      if (this.state === "saving") this.tell("");
      return "saved";
    }
    this.keep();
    const began = Date.now();
    const outcome = await this.ask().then((answer) => this.outcome(answer, sent), () => this.tell("offline"));
    if (outcome === "saved") {
      this.failures = 0;
      this.since = undefined;
      if (this.serial() !== sent) this.since = began;
      if (this.isDirty()) this.changed();
      else this.kept.clear();
    } else if (outcome === "offline" || outcome === "away") {
      this.plan(Math.min(MOST_PAUSE, QUIET * 2 ** this.failures));
      this.failures += 1;
    }
    return outcome;
  }

  ask() {
    const body = new FormData();
    for (const name of ["csrf_token", "base"]) {
      if (this.form.elements[name]) body.set(name, this.form.elements[name].value);
    }
    for (const [name, value] of read(this.form)) body.append(name, value);
    return fetch(this.form.dataset.autosave, {
      body,
      headers: { Accept: "application/json" },
      method: "POST",
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE),
    });
  }

  async outcome(answer, sent, isSecond = false) {
    if (answer.type === "opaqueredirect" || answer.status === 401) return this.tell("signedOut");
    const said = await answer.json().catch(() => null);
    if (answer.status === 400 && !isSecond) return this.again(sent);
    if (answer.ok && said) return this.saved(said, sent);
    if (answer.status === 422) {
      const errors = said?.errors ?? {};
      showErrors(this.form, errors);
      return this.tell("refused", { problem: Object.values(errors).flat()[0] ?? "" });
    }
    if (answer.status === 409) return this.tell("conflict");
    if (answer.status === 413) return this.tell("tooLong");
    if (answer.ok || answer.status === 429 || answer.status >= 500) return this.tell("away");
    return this.tell("notTaken");
  }

  // The form's token belongs to a sign-in that is over: the page has the new one, if it is the same person's.
  async again(sent) {
    const answer = await fetch(location.href, { redirect: "manual" });
    if (!answer.ok) return this.tell(answer.status >= 500 ? "away" : "signedOut");
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const theirs = page.querySelector("form[data-autosave]");
    const token = theirs?.querySelector("[name=csrf_token]")?.value;
    if (!token) return this.tell("signedOut");
    if (theirs.dataset.person !== this.form.dataset.person) return this.tell("signedOut");
    this.form.elements.csrf_token.value = token;
    return this.outcome(await this.ask(), sent, true);
  }

  saved(said, sent) {
    this.last = sent;
    if (said.base !== undefined && this.form.elements.base) this.form.elements.base.value = said.base;
    showErrors(this.form, {});
    this.showEditors(said.editors);
    if (this.isToLoadAnew) {
      this.isLeaving = true;
      this.kept.clear();
      location.reload();
    }
    return this.tell("saved", { time: clock(said.saved_at) });
  }

  showEditors(editors) {
    const place = document.querySelector("[data-editors]");
    if (!place || editors === undefined) return;
    const names = [editors].flat().map((one) => one.name ?? one).filter(Boolean);
    const list = new Intl.ListFormat(document.documentElement.lang).format(names);
    const text = names.length ? this.words.dataset.editing.replace("{names}", list) : "";
    if (place.textContent !== text) place.textContent = text;
    place.hidden = !text;
  }

  // Says where the text stands; returns the state.
  tell(state, { time = "", problem = "" } = {}) {
    this.state = state;
    if (!this.status) return state;
    const name = `say${state.charAt(0).toUpperCase()}${state.slice(1)}`;
    const text = (this.words.dataset[name] ?? "").replace("{time}", time).replace("{problem}", problem);
    this.status.dataset.state = state;
    this.status.replaceChildren(text);
    const way = { conflict: () => this.wayToCompare(), signedOut: () => this.wayToSignIn() }[state]?.();
    if (way) this.status.append(" ", way);
    return state;
  }

  wayToSignIn() {
    const { signIn, signInUrl } = this.words.dataset;
    const link = document.createElement("a");
    return Object.assign(link, { className: "govuk-link", href: signInUrl, rel: "noopener", target: "_blank", textContent: signIn });
  }

  // The page that shows both texts is the answer to this form.
  wayToCompare() {
    const button = document.createElement("button");
    Object.assign(button, { className: "cn-saved__compare", type: "button", textContent: this.words.dataset.compare });
    button.addEventListener("click", () => {
      this.keep();
      this.isLeaving = navigator.onLine;
      this.form.requestSubmit(this.form.querySelector("button[name=action][value=save]"));
    });
    return button;
  }

  // Before the page goes its text is saved, so that a line that breaks then costs nothing.
  async submit(event) {
    if (this.isLeaving) return;
    if (!navigator.onLine) {
      event.preventDefault();
      this.keep();
      this.tell("notSent");
    } else if (!this.isDirty()) {
      this.isLeaving = true;
    } else {
      event.preventDefault();
      const { submitter } = event;
      let outcome = await this.save();
      if (outcome === "saved" && this.isDirty()) outcome = await this.save();
      if (!SEEN.has(outcome)) return;
      this.isLeaving = true;
      this.form.requestSubmit(submitter);
    }
  }

  offer({ place, at, base, fields }) {
    if (JSON.stringify(fields) === this.serial()) return drop(place);
    const note = this.words.content.querySelector("[data-rich-kept]").cloneNode(true);
    const line = note.querySelector("p");
    line.textContent = line.textContent.replace("{time}", clock(at));
    const done = () => {
      drop(place);
      note.remove();
    };
    note.querySelector("[data-restore]").addEventListener("click", () => {
      this.isToLoadAnew = fill(this.form, fields) || this.isToLoadAnew;
      // It was written on that text: if another stands there by now, the two are compared.
      if (this.form.elements.base) this.form.elements.base.value = base;
      this.keep();
      done();
      this.changed();
    });
    note.querySelector("[data-discard]").addEventListener("click", done);
    // Sent from another window meanwhile.
    addEventListener("storage", (event) => { if (event.key === place && event.newValue === null) note.remove(); });
    this.form.prepend(note);
  }
}

// A time of today by the clock, any other with its day; a text stays as it is.
function clock(time) {
  const at = new Date(time);
  if (Number.isNaN(at.getTime())) return String(time ?? "");
  const options = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  if (at.toDateString() !== new Date().toDateString()) Object.assign(options, { day: "numeric", month: "short" });
  return new Intl.DateTimeFormat(document.documentElement.lang, options).format(at);
}
