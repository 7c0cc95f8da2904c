// What stands in the editor, as the HTML that is stored.
import { rename } from "./clean.js";

const NAMES = { B: "strong", I: "em" };
const isBlank = (node) => !node.textContent.replace(/[\s\u00a0\u200b]/g, "") && !node.querySelector("hr,table");

export function htmlOf(html) {
  const out = document.createElement("template");
  out.innerHTML = html;
  const root = out.content;
  for (const mark of root.querySelectorAll("b,i")) rename(mark, NAMES[mark.nodeName]);
  for (const block of root.querySelectorAll("div")) rename(block, "p");
  for (const rule of root.querySelectorAll("p > hr:only-child")) rule.parentNode.replaceWith(rule);
  for (const list of root.querySelectorAll(":is(ul,ol) > :is(ul,ol)")) intoItem(list);
  for (const line of root.querySelectorAll("br")) if (isLast(line)) line.remove();
  for (const part of root.querySelectorAll("li,td,th,caption")) unwrap(part);
  for (const block of root.querySelectorAll("p,h2,h3,h4,li,blockquote")) if (isBlank(block)) block.remove();
  for (const list of root.querySelectorAll("ul,ol")) if (!list.firstElementChild) list.remove();
  spaces(root);
  return out.innerHTML;
}

// While somebody types, browsers write a space at the end of a line as one that does not break.
function spaces(root) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode;
    if (!text.parentElement?.closest("pre,code")) text.data = text.data.replaceAll("\u00a0", " ");
  }
}

// A list of the second level belongs into the item before it.
function intoItem(list) {
  const before = list.previousElementSibling;
  if (before?.nodeName === "LI") before.append(list);
  else rename(list, "li").append(list);
}

// The editor ends a block with a line break so that the cursor can stand in it.
function isLast(line) {
  let node = line;
  while (node && !node.nextSibling && /^(BR|A|B|I|U|S|STRONG|EM|SUB|SUP|CODE)$/.test(node.nodeName)) node = node.parentNode;
  return !node || /^(P|H\d|LI|T[HD]|BLOCKQUOTE|PRE|CAPTION)$/.test(node.nodeName) && node !== line;
}

function unwrap(part) {
  const paragraphs = part.querySelectorAll(":scope > p");
  const isOnly = paragraphs.length === 1 && part.firstElementChild === paragraphs[0];
  if (isOnly && [...part.children].slice(1).every((one) => /^[OU]L$/.test(one.nodeName))) {
    paragraphs[0].replaceWith(...paragraphs[0].childNodes);
  }
}
