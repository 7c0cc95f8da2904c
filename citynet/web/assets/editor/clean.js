// What the sanitiser on the server keeps (kit/html.py); it has the last word.
import DOMPurify from "dompurify";

const RULES = {
  ALLOWED_TAGS: [
    "p", "div", "br", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "strong", "em", "b", "i", "u", "s",
    "sub", "sup", "a", "hr", "code", "pre", "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td",
  ],
  ALLOWED_ATTR: ["href", "title", "scope", "colspan", "rowspan"],
  // What these hold is no address.
  ADD_URI_SAFE_ATTR: ["title", "scope", "colspan", "rowspan"],
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:)/i,
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  RETURN_DOM_FRAGMENT: true,
};

// Returns a fragment that may stand in the page; takes a text or a node.
export function clean(html) {
  return document.importNode(DOMPurify.sanitize(html, RULES), true);
}

// Reads without running or loading anything.
export function parse(html) {
  return new DOMParser().parseFromString(html, "text/html").body;
}

export function isAddress(text) {
  return /^(?:https?:\/\/[^\s/]|mailto:[^\s@]+@)/i.test(text);
}

export function rename(node, tag) {
  const named = document.createElement(tag);
  named.replaceChildren(...node.childNodes);
  node.replaceWith(named);
  return named;
}
