// Pictures and attachments: each chosen or dropped file is sent by itself, with its progress.
// Without this the form sends them together. What people typed on the page stays as it is.
const form = document.querySelector("form[data-upload]");
const list = form?.querySelector("[data-progress]");
const waiting = [];
let isSending = false;

function line(file) {
  const item = document.createElement("li");
  const name = document.createElement("span");
  const words = document.createElement("span");
  const bar = document.createElement("progress");
  name.textContent = file.name;
  bar.className = "cn-meter";
  bar.max = 100;
  bar.value = 0;
  bar.setAttribute("aria-label", file.name);
  item.append(name, " ", words, bar);
  list.append(item);
  return { item, words, bar };
}

function end(shown, words, isRight) {
  shown.bar.remove();
  shown.words.textContent = `– ${words}`;
  shown.item.className = isRight ? "" : "cn-upload__problem";
}

// Nothing is replaced where somebody types or has typed.
function isInUse(item) {
  const inputs = [...item.querySelectorAll("input")];
  return item.contains(document.activeElement)
    || inputs.some((one) => one.value !== one.defaultValue || one.checked !== one.defaultChecked);
}

function bringInList(here, there) {
  for (const item of [...there.children]) {
    const known = document.getElementById(item.id);
    if (!known) here.append(item);
    else if (!isInUse(known)) known.replaceWith(item);
  }
}

// The server answers with the page: what is new on it is put into this one.
function bringIn(page) {
  for (const name of ["missing", "room"]) {
    const now = page.querySelector(`[data-live="${name}"]`);
    document.querySelector(`[data-live="${name}"]`).replaceChildren(...now.childNodes);
  }
  const here = document.querySelector('[data-live="lists"]');
  const there = page.querySelector('[data-live="lists"]');
  if (!here.querySelector("[data-file]")) here.replaceChildren();
  for (const part of there.querySelectorAll("[data-files]")) {
    const own = here.querySelector(`[data-files="${part.dataset.files}"]`);
    if (own) bringInList(own.querySelector("ol"), part.querySelector("ol"));
    else here.append(part);
  }
}

// After signing in elsewhere the forms of this page hold an old token; the answer has the new one.
function renew(page) {
  const token = page.querySelector("main [name=csrf_token]")?.value;
  if (!token || token === form.elements.csrf_token.value) return false;
  for (const input of document.querySelectorAll("[name=csrf_token]")) input.value = token;
  return true;
}

function answered(status, page, shown) {
  const problem = page.querySelector("[data-problem]") ?? page.querySelector("main p");
  if (status === 200 && page.querySelector("form[data-upload]")) {
    bringIn(page);
    end(shown, form.dataset.done, true);
  } else if (status === 413) end(shown, form.dataset.tooLarge, false);
  else if (status < 402) end(shown, form.dataset.signedOut, false);
  else end(shown, problem ? problem.textContent.trim() : form.dataset.lost, false);
}

function post(file, shown) {
  const data = new FormData();
  data.append("csrf_token", form.elements.csrf_token.value);
  data.append("files", file);
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      const percent = Math.round((event.loaded / event.total) * 100);
      shown.bar.value = percent;
      shown.words.textContent = percent < 100 ? `– ${form.dataset.busy}` : `– ${form.dataset.working}`;
    });
    request.addEventListener("loadend", () => done(request));
    request.open("POST", form.action);
    request.send(data);
  });
}

async function send({ file, shown }, isAgain = false) {
  if (file.size > Number(form.dataset.most)) {
    end(shown, form.dataset.tooLarge, false);
    return;
  }
  const { status, responseText } = await post(file, shown);
  const page = new DOMParser().parseFromString(responseText, "text/html");
  if (status === 400 && !isAgain && renew(page)) await send({ file, shown }, true);
  else if (status) answered(status, page, shown);
  else end(shown, form.dataset.lost, false);
}

async function sendAll() {
  if (isSending) return;
  isSending = true;
  while (waiting.length) await send(waiting.shift());
  isSending = false;
}

function take(files) {
  for (const file of files) waiting.push({ file, shown: line(file) });
  sendAll();
}

if (form) {
  const input = form.elements.files;
  const drop = form.querySelector("[data-drop]");
  form.querySelector("button[type=submit]").remove();
  const takeChosen = () => {
    take([...input.files]);
    input.value = "";
  };
  input.addEventListener("change", takeChosen);
  // What was chosen before this script was here.
  takeChosen();
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add("cn-upload__drop--over");
    });
  }
  for (const name of ["dragleave", "drop"]) {
    drop.addEventListener(name, () => drop.classList.remove("cn-upload__drop--over"));
  }
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    take([...event.dataTransfer.files]);
  });
  window.addEventListener("beforeunload", (event) => {
    if (isSending) event.preventDefault();
  });
}
