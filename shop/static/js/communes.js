// Under the field for the commune: places while typing, after the pattern of a combobox with a list. Arrow keys move,
// Enter takes, Escape closes, Tab goes on. Typing never waits: an older question is dropped, and without an answer the
// field stays a plain field, which the shop reads and asks about when the form is sent.

const SHORTEST = 2;
const PAUSE_MS = 200;

export function start(block) {
  const input = block.querySelector("input[name=commune]");
  const { form } = input;
  const known = new Map();
  const list = document.createElement("ul");
  list.id = "noi-nhan";
  list.className = "goi-y-tim";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", block.dataset.label);
  list.hidden = true;
  input.after(list);
  const told = document.createElement("p"); // what a reader hears
  told.className = "an";
  told.setAttribute("role", "status");
  list.after(told);
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false",
  })) input.setAttribute(name, value);
  // The browser's own list stays away while ours is in use; "off" for good would lose the words on the way back.
  const usual = input.autocomplete;
  input.addEventListener("focus", () => { input.autocomplete = "off"; });
  for (const [where, end] of [[input, "blur"], [window, "pagehide"]]) where.addEventListener(end, () => { input.autocomplete = usual; });
  let waiting = 0;
  let asking = null;
  let at = -1;
  let shown = [];

  const close = () => {
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const move = (place) => {
    at = (place + shown.length) % shown.length;
    [...list.children].forEach((option, number) => option.setAttribute("aria-selected", String(number === at)));
    input.setAttribute("aria-activedescendant", list.children[at].id);
    list.children[at].scrollIntoView({ block: "nearest" });
  };
  const take = ({ code, words, note }) => {
    const typed = input.value.trim();
    stop();
    input.value = words;
    told.textContent = words;
    // The answer to the question which place is meant: it counts as long as these words stand in the field.
    for (const old of form.querySelectorAll("[data-fresh=noi-nao] fieldset, [name=asked_for]")) old.remove();
    put("asked_for", words);
    put("commune_code", code);
    put("written_commune", note ? typed : "");
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const put = (name, value) => {
    let field = block.querySelector(`input[type=hidden][name=${name}]`);
    if (!field) {
      field = document.createElement("input");
      Object.assign(field, { type: "hidden", name });
      block.append(field);
    }
    field.value = value;
  };
  const show = (places) => {
    shown = places;
    list.replaceChildren(...places.map((place, number) => {
      const option = document.createElement("li");
      option.id = `noi-nhan-${number}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.textContent = place.note ? `${place.words} (${place.note})` : place.words;
      option.addEventListener("pointerdown", (event) => event.preventDefault());
      option.addEventListener("click", () => take(place));
      return option;
    }));
    close();
    told.textContent = places.length ? block.dataset.count.replace("{}", String(places.length)) : block.dataset.none;
    if (places.length === 0) return;
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
  };
  const stop = () => {
    clearTimeout(waiting);
    asking?.abort();
    asking = null;
    close();
  };
  const ask = async () => {
    const typed = input.value.trim();
    if (typed.length < SHORTEST) return;
    const mine = (asking = new AbortController());
    if (!known.has(typed)) {
      const url = `${block.dataset.url}?q=${encodeURIComponent(typed)}`;
      const places = await fetch(url, { signal: mine.signal }).then((answer) => (answer.ok ? answer.json() : null)).catch(() => null);
      if (places) known.set(typed, places);
    }
    if (mine === asking && known.has(typed) && document.activeElement === input) show(known.get(typed));
  };
  input.addEventListener("input", () => {
    stop();
    for (const old of block.querySelectorAll("input[type=hidden]")) old.remove(); // other words, another place
    waiting = setTimeout(ask, PAUSE_MS);
  });
  input.addEventListener("blur", stop);
  form.addEventListener("submit", stop);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (list.hidden) {
      if (event.key !== "ArrowDown") return;
      ask();
    } else if (event.key === "ArrowDown") move(at + 1);
    else if (event.key === "ArrowUp") move(at < 0 ? -1 : at - 1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && at >= 0) take(shown[at]);
    else return;
    event.preventDefault();
  });
}
