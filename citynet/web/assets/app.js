// The little that a page does by itself. Every page works without it.
import "./search/combobox.js";

// A second press of the same button sends nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  const now = Date.now();
  if (now - Number(form.dataset.sentAt || 0) < 2000) {
    event.preventDefault();
    return;
  }
  form.dataset.sentAt = String(now);
});

// Leaving a long form with unsaved words asks first.
for (const form of document.querySelectorAll("form[data-guard]")) {
  let changed = form.dataset.guard === "changed";
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", (event) => {
    // The editor's script takes this over, and takes the mark away.
    if (changed && form.hasAttribute("data-guard")) event.preventDefault();
  });
}

// Whoever signs out leaves no text in this browser: what the editor kept unsent goes, if they agree.
for (const form of document.querySelectorAll("form[data-signs-out]")) {
  form.addEventListener("submit", (event) => {
    const kept = Object.keys(localStorage).filter((place) => place.startsWith("citynet-kept:"));
    if (kept.length && !confirm(form.dataset.signsOut)) event.preventDefault();
    else for (const place of kept) localStorage.removeItem(place);
  });
}

// What the reader must know first is where the keyboard stands.
document.querySelector("[data-focus]")?.focus();

// An open menu closes by Escape and by a press elsewhere.
const menus = document.querySelectorAll("details[data-menu]");
document.addEventListener("click", (event) => {
  for (const menu of menus) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus) {
    if (menu.open) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  }
});

// Filters start open where there is room beside the results.
if (matchMedia("(min-width: 56rem)").matches) {
  for (const panel of document.querySelectorAll("details[data-wide-open]")) panel.open = true;
}
