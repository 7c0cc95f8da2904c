// What comes from Word, Google Docs or a page: headings, lists, tables, quotes, links, strong and
// emphasised words are built anew, and nothing else of it comes along.
import { clean, isAddress, parse } from "./clean.js";

const DROPPED = "SCRIPT STYLE HEAD TITLE META LINK TEMPLATE NOSCRIPT IFRAME OBJECT EMBED SVG MATH IMG PICTURE VIDEO AUDIO CANVAS MAP "
  + "INPUT BUTTON SELECT TEXTAREA OPTION DEL XML COL COLGROUP PROGRESS METER";
const dropped = new Set(DROPPED.split(" "));
const INLINE = { B: "strong", STRONG: "strong", I: "em", EM: "em", CITE: "em", SUB: "sub", SUP: "sup", S: "s", CODE: "code" };
const BLOCKS = "address,article,aside,blockquote,body,center,dd,details,div,dl,dt,fieldset,figcaption,figure,footer,form,h1,h2,h3,h4,"
  + "h5,h6,header,hr,li,main,nav,ol,p,pre,section,summary,table,tbody,td,tfoot,th,thead,tr,ul,caption";
const blockNames = new Set(BLOCKS.toUpperCase().split(","));

export function fromClipboard(html) {
  const out = document.createElement("div");
  blocks(parse(disarmed(html)).childNodes, out, []);
  tidy(out);
  return clean(out.innerHTML);
}

// The page's content policy would report each style and handler as it is read. They are only looked at.
function disarmed(html) {
  return html.replace(/<style\b[\s\S]*?<\/style\s*>/gi, "")
    .replace(/<[a-z][^<>]*>/gi, (tag) => tag.replace(/([\s"'/])(style|on\w+)(\s*=)/gi, "$1data-$2$3"));
}

const style = (node) => node.dataset?.style ?? "";
const isBlock = (node) => node.nodeType === 1 && (blockNames.has(node.nodeName) || Boolean(node.querySelector(BLOCKS)));
const words = (node) => node.textContent.replace(/[\s\u00a0\u200b]+/g, " ").trim();

function isDropped(node) {
  if (node.nodeType === 3) return false;
  if (node.nodeType !== 1 || dropped.has(node.nodeName.toUpperCase())) return true;
  return /display:\s*none|mso-hide:\s*all|mso-list:\s*ignore|mso-element:\s*comment/i.test(style(node))
    || /MsoComment/i.test(node.className);
}

// The marks that an element lays on its words; a document says so in styles as often as in tags.
function marksOf(node, marks) {
  const now = new Set(marks);
  const text = style(node);
  if (INLINE[node.nodeName]) now.add(INLINE[node.nodeName]);
  const weight = /(?<![-\w])font-weight:\s*(\w+)/i.exec(text)?.[1];
  if (weight) now[weight === "bold" || weight === "bolder" || Number(weight) >= 600 ? "add" : "delete"]("strong");
  const slant = /(?<![-\w])font-style:\s*(\w+)/i.exec(text)?.[1];
  if (slant) now[/italic|oblique/i.test(slant) ? "add" : "delete"]("em");
  const raised = /(?<![-\w])vertical-align:\s*(super|sub)\b/i.exec(text)?.[1];
  if (raised) now.add(raised === "super" ? "sup" : "sub");
  return [...now];
}

function blocks(nodes, out, marks) {
  let open = null;
  for (const node of nodes) {
    if (isDropped(node)) continue;
    if (isBlock(node)) {
      open = null;
      block(node, out, marks);
    } else if (open || words(node)) {
      if (!open) {
        open = out.appendChild(document.createElement("p"));
        out.lists = null;
      }
      inline(node, open, marks);
    }
  }
}

function block(node, out, marks) {
  const name = node.nodeName;
  const item = wordItem(node);
  if (item) return addItem(node, out, item, marks);
  if (name === "LI" && !/^[OU]L$/.test(out.nodeName)) return addItem(node, out, { level: 1, tag: "ul" }, marks);
  const heading = headingOf(node);
  if (heading) return addHeading(node, out, heading);
  if (name === "UL" || name === "OL") return addList(node, out, marks);
  if (name === "TABLE") return addTable(node, out, marks);
  const isQuote = name === "BLOCKQUOTE" || /Mso\w*Quote/.test(node.className);
  if (!isQuote) return blocks(node.childNodes, out, marksOf(node, marks));
  const last = out.lastElementChild;
  const goesOn = name !== "BLOCKQUOTE" && last?.nodeName === "BLOCKQUOTE";
  const quote = goesOn ? last : document.createElement("blockquote");
  // A quote is slanted by its look, not by its words.
  blocks(node.childNodes, quote, marks);
  if (words(quote)) add(out, quote);
}

function add(out, node) {
  if (node.parentNode !== out) out.append(node);
  out.lists = null;
  return node;
}

// A page's own headings begin below the one of the field.
function headingOf(node) {
  if (/^H[12]$/.test(node.nodeName) || /MsoTitle|MsoSubtitle/.test(node.className)) return "h3";
  return /^H[3-6]$/.test(node.nodeName) ? "h4" : "";
}

function addHeading(node, out, tag) {
  // A table or a list inside one is no heading.
  if (node.querySelector("table,ul,ol")) return blocks(node.childNodes, out, []);
  const heading = document.createElement(tag);
  for (const part of node.childNodes) if (!isDropped(part)) inline(part, heading, []);
  for (const strong of heading.querySelectorAll("strong")) strong.replaceWith(...strong.childNodes);
  if (words(heading)) add(out, heading);
}

// Word writes an item of a list as a paragraph with its mark in front: `mso-list:l0 level2 lfo1`.
function wordItem(node) {
  const level = /mso-list:\s*\w+\s+level(\d)/i.exec(style(node))?.[1];
  if (!level || !/^(P|DIV|LI)$/.test(node.nodeName)) return null;
  const mark = [...node.querySelectorAll("[data-style*='mso-list' i]")].find((one) => /ignore/i.test(style(one)));
  const text = words(mark ?? node);
  return { level: Number(level), tag: /^\(?(?:\d+|[a-z]{1,2}|[ivxlc]+)(?:[.)]|$)/i.test(text) && text !== "o" ? "ol" : "ul" };
}

function addItem(node, out, { level, tag }, marks) {
  out.lists ??= [];
  const lists = out.lists;
  lists.length = Math.min(lists.length, level);
  if (lists.length === level && lists[level - 1].nodeName.toLowerCase() !== tag) lists.pop();
  while (lists.length < level) {
    const inside = lists.at(-1);
    if (inside && !inside.lastElementChild) inside.append(document.createElement("li"));
    const list = document.createElement(tag);
    (inside?.lastElementChild ?? out).append(list);
    lists.push(list);
  }
  fillItem(node, lists.at(-1).appendChild(document.createElement("li")), marks);
}

function fillItem(node, item, marks) {
  blocks(node.childNodes, item, marksOf(node, marks));
  delete item.lists;
  const only = item.querySelectorAll(":scope > p");
  if (only.length === 1) only[0].replaceWith(...only[0].childNodes);
}

function addList(node, out, marks) {
  const list = document.createElement(node.nodeName.toLowerCase());
  for (const part of node.childNodes) {
    if (isDropped(part) || !(words(part) || part.nodeName === "TABLE")) continue;
    // Google Docs puts a list of the second level beside the items, not into one.
    const isNested = /^[OU]L$/.test(part.nodeName) && list.lastElementChild;
    if (isNested) addList(part, list.lastElementChild, marks);
    else if (part.nodeName === "LI") fillItem(part, list.appendChild(document.createElement("li")), marks);
    else blocks([part], list.appendChild(document.createElement("li")), marks);
  }
  if (list.firstChild) add(out, list);
}

function addTable(node, out, marks) {
  const table = document.createElement("table");
  const body = document.createElement("tbody");
  if (node.caption && words(node.caption)) {
    const caption = table.appendChild(document.createElement("caption"));
    for (const part of node.caption.childNodes) if (!isDropped(part)) inline(part, caption, marks);
  }
  for (const row of node.rows) {
    const built = document.createElement("tr");
    const isHead = row.parentNode.nodeName === "THEAD";
    for (const cell of row.cells) built.append(cellOf(cell, isHead, marks));
    if (!built.firstChild) continue;
    const isFirst = !body.firstChild && [...built.children].every((one) => one.nodeName === "TH");
    if (isHead || isFirst) (table.tHead ?? table.createTHead()).append(built);
    else body.append(built);
  }
  if (body.firstChild) table.append(body);
  if (table.rows.length) add(out, table);
}

function cellOf(cell, isHead, marks) {
  const built = document.createElement(isHead || cell.nodeName === "TH" ? "th" : "td");
  for (const name of ["colspan", "rowspan"]) {
    const number = Number(cell.getAttribute(name));
    if (number > 1 && number < 1000) built.setAttribute(name, number);
  }
  if (built.nodeName === "TH") built.setAttribute("scope", isHead ? "col" : "row");
  blocks(cell.childNodes, built, marks);
  const only = built.children.length === 1 && built.firstElementChild;
  if (only && only.nodeName === "P") only.replaceWith(...only.childNodes);
  return built;
}

function inline(node, parent, marks) {
  if (isDropped(node)) return;
  if (node.nodeType === 3) {
    const text = node.data.replace(/[\s\u00a0]+/g, " ").replace(/[\u200b\ufeff]/g, "");
    if (text) parent.append(marked(text, marks));
  } else if (node.nodeName === "BR") {
    parent.append(document.createElement("br"));
  } else {
    const now = marksOf(node, marks);
    let inside = parent;
    const href = node.nodeName === "A" ? (node.getAttribute("href") ?? "").trim() : "";
    if (isAddress(href) && !parent.closest("a")) {
      inside = document.createElement("a");
      inside.setAttribute("href", href);
    }
    for (const part of node.childNodes) inline(part, inside, now);
    if (isBlock(node)) inside.append(" ");
    if (inside !== parent && words(inside)) parent.append(inside);
  }
}

function marked(text, marks) {
  if (!text.trim()) return document.createTextNode(text);
  return marks.reduceRight((inside, tag) => {
    const mark = document.createElement(tag);
    mark.append(inside);
    return mark;
  }, document.createTextNode(text));
}

// Word cuts a sentence into many runs: the same mark twice becomes one, and no line begins blank.
function tidy(out) {
  for (const mark of out.querySelectorAll("strong,em,sub,sup,s,code")) {
    while (mark.nextSibling?.nodeName === mark.nodeName || isGap(mark)) {
      const next = mark.nextSibling;
      mark.append(...(next.nodeType === 3 ? [next] : next.childNodes));
      if (next.nodeType === 1) next.remove();
    }
  }
  out.normalize();
  for (const part of out.querySelectorAll("p,h3,h4,li,td,th,caption")) {
    if (part.firstChild?.nodeType === 3) part.firstChild.data = part.firstChild.data.trimStart();
    while (part.lastChild?.nodeName === "BR") part.lastChild.remove();
    if (part.lastChild?.nodeType === 3) part.lastChild.data = part.lastChild.data.trimEnd();
    if (/^(P|LI)$/.test(part.nodeName) && !words(part)) part.remove();
  }
  for (const list of out.querySelectorAll("ul,ol")) if (!list.firstElementChild) list.remove();
}

function isGap(mark) {
  const next = mark.nextSibling;
  return next?.nodeType === 3 && !next.data.trim() && next.nextSibling?.nodeName === mark.nodeName;
}
