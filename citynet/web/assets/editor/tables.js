// Tables in the editor: their rows and columns, and what keeps the keys from tearing them.

export const cellAt = (editor) => {
  const start = editor.getSelection().startContainer;
  const cell = (start.nodeType === 1 ? start : start.parentElement)?.closest("td,th");
  return cell && editor.getRoot().contains(cell) ? cell : null;
};

function emptyCell(like) {
  const cell = document.createElement(like);
  if (like === "th") cell.setAttribute("scope", "col");
  cell.append(document.createElement("br"));
  return cell;
}

function rowOf(tags) {
  const row = document.createElement("tr");
  row.append(...tags.map(emptyCell));
  return row;
}

function standIn(editor, node) {
  const range = document.createRange();
  range.selectNodeContents(node);
  range.collapse(true);
  editor.setSelection(range);
  editor.focus();
}

export function insert(editor) {
  const table = document.createElement("table");
  table.createTHead().append(rowOf(["th", "th", "th"]));
  const body = document.createElement("tbody");
  body.append(rowOf(["td", "td", "td"]), rowOf(["td", "td", "td"]));
  table.append(body);
  editor.saveUndoState();
  editor.insertElement(table);
  standIn(editor, table.rows[0].cells[0]);
}

export const commands = {
  addRow(cell) {
    const row = cell.parentNode;
    const added = rowOf([...row.cells].map((one) => (row.parentNode.nodeName === "THEAD" ? "td" : one.nodeName.toLowerCase())));
    for (const head of added.querySelectorAll("th")) head.scope = "row";
    const table = cell.closest("table");
    if (row.parentNode.nodeName !== "THEAD") row.after(added);
    else (table.tBodies[0] ?? table.createTBody()).prepend(added);
    return added.cells[0];
  },
  addColumn(cell) {
    const at = cell.cellIndex;
    for (const row of cell.closest("table").rows) {
      const beside = row.cells[Math.min(at, row.cells.length - 1)];
      const isHead = row.parentNode.nodeName === "THEAD" && beside.nodeName === "TH";
      beside.after(emptyCell(isHead ? "th" : "td"));
    }
    return cell.nextElementSibling;
  },
  removeRow(cell) {
    const row = cell.parentNode;
    const table = cell.closest("table");
    const next = row.nextElementSibling ?? row.previousElementSibling;
    const group = row.parentNode;
    row.remove();
    if (group !== table && !group.firstElementChild) group.remove();
    if (!table.rows.length) return removed(table);
    return (next ?? table.rows[0]).cells[0];
  },
  removeColumn(cell) {
    const table = cell.closest("table");
    const at = cell.cellIndex;
    const row = cell.parentNode;
    for (const one of [...table.rows]) {
      if (at < one.cells.length) one.cells[at].remove();
      if (!one.cells.length) one.remove();
    }
    return table.rows.length ? row.cells[Math.max(0, at - 1)] : removed(table);
  },
  removeTable(cell) {
    return removed(cell.closest("table"));
  },
};

function removed(table) {
  const place = table.nextElementSibling ?? table.previousElementSibling;
  const line = document.createElement("p");
  line.append(document.createElement("br"));
  if (!place) table.after(line);
  table.remove();
  return place ?? line;
}

export function run(editor, name) {
  const cell = cellAt(editor);
  if (!cell) return;
  editor.saveUndoState();
  standIn(editor, commands[name](cell));
}

// The editor would join cells where a key reaches over their edge. Returns whether the key is done.
export function handleKey(editor, event) {
  const range = editor.getSelection();
  const cellOf = (node) => (node.nodeType === 1 ? node : node.parentElement).closest("td,th");
  const [from, to] = [cellOf(range.startContainer), cellOf(range.endContainer)];
  if (!from && !to) return isAtTable(editor, range, event);
  if (event.key === "Tab" && from) return step(editor, from, event.shiftKey ? -1 : 1);
  // The editor's keys for lists and quotes.
  if (from && (event.ctrlKey || event.metaKey) && /^(?:Digit[89]|Bracket\w+)$/.test(event.code)) return true;
  const isDelete = event.key === "Backspace" || event.key === "Delete";
  const isTyped = event.key === "Enter" || (event.key.length === 1 && !event.ctrlKey && !event.metaKey);
  if (range.collapsed) return isDelete && isAtEdge(from, range, event.key === "Backspace");
  if (from === to || !(isDelete || isTyped)) return false;
  if (isDelete) empty(editor, range);
  else range.collapse(true);
  editor.setSelection(range);
  return isDelete;
}

function step(editor, cell, by) {
  const cells = [...cell.closest("table").querySelectorAll("td,th")];
  const next = cells[cells.indexOf(cell) + by];
  if (next) standIn(editor, next);
  return Boolean(next);
}

function isAtEdge(cell, range, isBack) {
  const rest = range.cloneRange();
  if (isBack) rest.setStart(cell, 0);
  else rest.setEnd(cell, cell.childNodes.length);
  return !rest.toString().replace(/\u200b/g, "") && !rest.cloneContents().querySelector("br,li,p + p");
}

// Outside of a table, beside it: what is rubbed out is not its first or last cell.
function isAtTable(editor, range, event) {
  if (!range.collapsed || !/^(Backspace|Delete)$/.test(event.key)) return false;
  const isBack = event.key === "Backspace";
  const root = editor.getRoot();
  let block = range.startContainer;
  while (block.parentNode && block.parentNode !== root) block = block.parentNode;
  const beside = isBack ? block.previousElementSibling : block.nextElementSibling;
  return block.parentNode === root && beside?.nodeName === "TABLE" && isAtEdge(block, range, isBack);
}

function empty(editor, range) {
  editor.saveUndoState();
  const near = range.commonAncestorContainer;
  const within = (near.nodeType === 1 ? near : near.parentElement).closest("table");
  if (!within) return;
  const cells = [...within.querySelectorAll("td,th")].filter((one) => range.intersectsNode(one));
  for (const cell of cells) cell.replaceChildren(document.createElement("br"));
  range.setStart(cells[0], 0);
  range.collapse(true);
}

// A cell takes words and line breaks; a list or a heading would tear the table apart.
export function putIn(editor, fragment) {
  const range = editor.getSelection();
  const flat = flatten(fragment);
  const last = flat.lastChild;
  if (!last) return;
  range.deleteContents();
  range.insertNode(flat);
  // The editor has its own idea of where the cursor is by then.
  queueMicrotask(() => {
    range.setStartAfter(last);
    range.collapse(true);
    editor.setSelection(range);
  });
}

function flatten(fragment) {
  const out = document.createDocumentFragment();
  const take = (node) => {
    if (node.nodeType === 3) return out.append(node.cloneNode());
    if (/^(A|B|I|U|S|SUB|SUP|CODE|STRONG|EM|BR)$/.test(node.nodeName)) return out.append(node.cloneNode(true));
    if (/^(P|DIV|H\d|LI|T[DH]|PRE|CAPTION)$/.test(node.nodeName) && out.lastChild && out.lastChild.nodeName !== "BR") {
      out.append(document.createElement("br"));
    }
    node.childNodes.forEach(take);
  };
  fragment.childNodes.forEach(take);
  return out;
}
