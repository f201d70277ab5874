// Under a search field: names of goods while typing, from three letters on. Arrow keys choose, Enter opens,
// Escape closes; an answer that comes late is dropped. Without it the field is a plain field.

const SHORTEST = 3;
const PAUSE_MS = 180;

export function start(form) {
  const input = form.querySelector("input[type=search]");
  const list = document.createElement("ul");
  list.id = "goi-y-tim";
  list.className = "goi-y-tim";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", form.dataset.label);
  list.hidden = true;
  form.append(list);
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false", autocomplete: "off",
  })) input.setAttribute(name, value);
  let waiting = 0;
  let asking = null;
  let chosen = -1;

  const close = () => {
    list.hidden = true;
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const choose = (place) => {
    const options = [...list.children];
    chosen = place < 0 ? options.length - 1 : place % options.length;
    options.forEach((option, number) => option.setAttribute("aria-selected", String(number === chosen)));
    input.setAttribute("aria-activedescendant", options[chosen].id);
  };
  const open = (name) => {
    input.value = name;
    close();
    form.requestSubmit();
  };
  const show = (names) => {
    list.replaceChildren(...names.map((name, number) => {
      const option = document.createElement("li");
      option.id = `goi-y-tim-${number}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.textContent = name;
      option.addEventListener("pointerdown", (event) => event.preventDefault());
      option.addEventListener("click", () => open(name));
      return option;
    }));
    if (names.length === 0) return close();
    list.hidden = false;
    chosen = -1;
    input.setAttribute("aria-expanded", "true");
  };
  const ask = async () => {
    asking?.abort();
    const typed = input.value.trim();
    if (typed.length < SHORTEST) return close();
    const mine = (asking = new AbortController());
    const answer = await fetch(`${form.dataset.url}?q=${encodeURIComponent(typed)}`, { signal: mine.signal }).catch(() => null);
    if (answer?.ok && mine === asking && document.activeElement === input) show(await answer.json());
  };
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, PAUSE_MS);
  });
  input.addEventListener("blur", close);
  form.addEventListener("submit", () => {
    clearTimeout(waiting);
    asking?.abort();
    close();
  });
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown") choose(chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen - 1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && chosen >= 0) open(list.children[chosen].textContent);
    else return;
    event.preventDefault();
  });
}
