// Text that was not sent yet, in this browser: under the person's number, so that nobody else who
// signs in here is shown it; signing out deletes it (app.js). Each open page has a place of its own.
const PREFIX = "citynet-kept:";

export class Kept {
  constructor(person, key) {
    // Without knowing whose it is nothing is kept.
    this.prefix = person && key ? `${PREFIX}${person}:${key}:` : "";
    this.place = `${this.prefix}${crypto.getRandomValues(new Uint32Array(2)).join("")}`;
  }

  // Returns whether the browser had room for it.
  keep(fields, base) {
    if (!this.prefix) return false;
    try {
      localStorage.setItem(this.place, JSON.stringify({ at: Date.now(), base, fields }));
      return true;
    } catch {
      return false;
    }
  }

  clear() {
    drop(this.place);
  }

  // Returns what other pages left, the newest first.
  others() {
    if (!this.prefix) return [];
    const found = [];
    try {
      for (const place of Object.keys(localStorage)) {
        if (place.startsWith(this.prefix) && place !== this.place) found.push({ place, ...JSON.parse(localStorage.getItem(place)) });
      }
    } catch {
      return [];
    }
    return found.filter((one) => Array.isArray(one.fields)).sort((one, other) => other.at - one.at);
  }
}

export function drop(place) {
  try {
    localStorage.removeItem(place);
  } catch {
    // A browser that keeps nothing has nothing to drop.
  }
}
