// A field that finds a city becomes a combobox with a list, as the ARIA Authoring Practices
// describe it (list autocomplete with manual selection). Without this the button searches.

for (const form of document.querySelectorAll("form[data-chooser]")) begin(form);

function begin(form) {
  const input = form.querySelector("input[name=q]");
  const words = form.dataset;
  const list = document.createElement("ul");
  list.id = `${input.id}-list`;
  list.className = "cn-chooser__list";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", form.querySelector("label").textContent);
  const status = document.createElement("p");
  status.className = "cn-hidden";
  status.setAttribute("role", "status");
  const chosen = document.createElement("input");
  chosen.type = "hidden";
  chosen.name = "city";
  chosen.disabled = true;
  input.after(list, status, chosen);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", list.id);

  let found = [];
  let active = -1;
  let timer;
  let asked = "";

  const close = () => {
    list.hidden = true;
    move(-1);
    input.setAttribute("aria-expanded", "false");
  };

  const open = () => {
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
  };

  const move = (to) => {
    active = to;
    [...list.children].forEach((option, number) => {
      option.setAttribute("aria-selected", String(number === active));
      if (number === active) option.scrollIntoView({ block: "nearest" });
    });
    if (active < 0) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", list.children[active].id);
  };

  const choose = (number) => {
    const city = found[number];
    input.value = city.name;
    chosen.value = city.slug;
    chosen.disabled = false;
    asked = city.name;
    close();
    form.requestSubmit();
  };

  const line = (text, kind) => {
    const part = document.createElement("span");
    part.textContent = text;
    part.className = kind;
    return part;
  };

  const show = () => {
    list.replaceChildren(...found.map((city, number) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${number}`;
      option.className = "cn-chooser__option";
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.append(city.name, line([city.where, city.note].filter(Boolean).join(" · "), "cn-sub"));
      // Before the field loses the keyboard, which would close the list.
      option.addEventListener("mousedown", (event) => event.preventDefault());
      option.addEventListener("click", () => choose(number));
      return option;
    }));
    active = -1;
    open();
    status.textContent = !found.length ? words.none
      : found.length === 1 ? words.one : words.many.replace("{number}", found.length);
  };

  const ask = async () => {
    const text = input.value.trim();
    if (text === asked) return;
    asked = text;
    if (text.length < 2) {
      found = [];
      close();
      status.textContent = "";
      return;
    }
    const url = new URL(words.chooser, location.href);
    url.searchParams.set("q", text);
    const answer = await fetch(url, { headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer || !answer.ok || asked !== text) return;
    found = await answer.json();
    show();
  };

  input.addEventListener("input", () => {
    chosen.disabled = true;
    clearTimeout(timer);
    timer = setTimeout(ask, 120);
  });

  input.addEventListener("blur", close);

  input.addEventListener("keydown", (event) => {
    const last = found.length - 1;
    const isOpen = !list.hidden;
    if (event.key === "ArrowDown" && last >= 0) {
      if (!isOpen) open();
      if (!event.altKey) move(active >= last ? 0 : active + 1);
    } else if (event.key === "ArrowUp" && last >= 0) {
      if (!isOpen) open();
      move(active <= 0 ? last : active - 1);
    } else if (event.key === "Enter" && isOpen && active >= 0) {
      choose(active);
    } else if (event.key === "Escape" && isOpen) {
      close();
    } else if (event.key === "Escape") {
      input.value = "";
      asked = "";
      found = [];
      chosen.disabled = true;
      return;
    } else {
      return;
    }
    event.preventDefault();
  });
}
