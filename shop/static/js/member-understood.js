// What the server makes of prices, packs, weights and days, under their fields while somebody types: how it
// understands them, or what it would ask, with a button for what is probably meant.

import { fieldOf, take } from "./offers.js";
import { amount } from "./understood.js";

const LEAST_VND = 1000; // below, the server asks; without a network nothing is said of it

// While a button is held nothing may move: pressing it leaves the field before, whose line would push it away.
let press = Promise.resolve();
let letGo = () => {};
addEventListener("pointerdown", () => (press = new Promise((go) => (letGo = go))));
for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => setTimeout(letGo));

// Under each field what the server makes of it, and in a hidden field that it was shown.
export function listen(form, words) {
  const names = words.reads.split(" ");
  const asksWith = (words.with ?? "").split(" ").filter(Boolean);
  const left = new Set(); // fields somebody has gone on from: there a plain no is told too
  let timer = 0;
  let latest = "";
  const read = async () => {
    const asked = new URLSearchParams([...names, ...asksWith].map((name) => [name, fieldOf(form, name)?.value ?? ""]));
    latest = `${asked}`;
    let said = { understood: {}, echo: {}, faults: {}, offers: {} };
    try {
      const answer = await fetch(`${words.understand}?${asked}`, { headers: { Accept: "application/json" } });
      if (answer.ok) said = await answer.json();
    } catch {
      const vnd = form.elements.price ? amount(fieldOf(form, "price").value) : 0;
      if (vnd >= LEAST_VND) {
        said.understood.price = words.price.replace("{}", `${vnd.toLocaleString(document.documentElement.lang)}\u00a0₫`);
        said.echo.price = String(vnd);
      }
    }
    await press;
    if (latest !== `${asked}`) return; // something else stands there by now
    for (const name of names) {
      const offers = said.offers[name] ?? [];
      const doubt = offers.length || left.has(name) ? said.faults[name] : "";
      tell(fieldOf(form, name), said.understood[name] ?? doubt ?? "", offers);
      echo(form, `read-${name}`, said.echo[name] ?? "");
    }
  };
  form.addEventListener("input", (event) => {
    if (![...names, ...asksWith].includes(event.target.name)) return;
    left.delete(event.target.name);
    clearTimeout(timer);
    timer = setTimeout(read, 350);
  });
  form.addEventListener("change", (event) => {
    if (!names.includes(event.target.name)) return;
    left.add(event.target.name);
    clearTimeout(timer);
    read();
  });
}

const told = new WeakMap(); // what stands in a line

function tell(input, sentence, offers) {
  const line = under(input);
  const words = JSON.stringify([sentence, offers]);
  if (told.get(line) === words) return; // a button replaced by its like would lose the tap it is under
  told.set(line, words);
  line.textContent = sentence;
  const buttons = offers.map((offer) => {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "nut vien nho", textContent: offer.words });
    button.addEventListener("click", () => take(input, offer));
    return button;
  });
  if (!buttons.length) return;
  const group = document.createElement("span");
  group.className = "cum";
  group.append(...buttons);
  line.append(group);
}

function under(input) {
  const id = `hieu-${input.name}`;
  let line = document.getElementById(id);
  if (!line) {
    line = document.createElement("p");
    line.className = "hieu-la";
    line.id = id;
    line.setAttribute("aria-live", "polite");
    input.after(line);
    input.setAttribute("aria-describedby", `${id} ${input.getAttribute("aria-describedby") ?? ""}`.trim());
  }
  return line;
}

function echo(form, name, value) {
  let field = form.elements[name];
  if (!field) {
    field = document.createElement("input");
    field.type = "hidden";
    field.name = name;
    form.append(field);
  }
  field.value = value;
}
