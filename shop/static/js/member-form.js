// A member's form on their own phone: kept here at every pause in typing, sent when there is a network. Says under
// a field how it is understood, by the server's own reader; without a network the server asks later.

import { ask, deliver, Ended, Offline } from "./member-send.js";
import { drop, entriesOf, keep, lastWho, rememberWho } from "./member-store.js";
import { listen } from "./member-understood.js";
import { fieldOf } from "./offers.js";

const PAUSE = 900;

export async function start(form) {
  const words = form.dataset;
  const line = document.createElement("p");
  line.className = "goi-y";
  line.setAttribute("role", "status");
  form.prepend(line);
  const who = words.account ? await named(form) : await found(line, words);
  if (!who) {
    form.querySelectorAll("button, input, select, textarea").forEach((control) => (control.disabled = true));
    return;
  }
  offer(form, who);
  if ("fresh" in words) await restore(form, who);
  let id = form.elements.client_id.value || crypto.randomUUID();
  let timer = 0;
  let turn = Promise.resolve();
  let sentPhoto = null; // not sent again at each pause

  // Somebody who taps something else meanwhile is let go: what is kept here is sent from the next page.
  let isLeaving = false;
  addEventListener("beforeunload", () => (isLeaving = true));
  addEventListener("pageshow", () => (isLeaving = false));
  const goOn = () => isLeaving || location.assign(words.done);

  const entry = (state) => ({
    ...who_(who),
    id,
    kind: words.kind,
    state,
    url: form.getAttribute("action"),
    photoUrl: words.photo,
    fields: fieldsOf(form),
    photo: form.elements.photo.files[0] === sentPhoto ? null : (form.elements.photo.files[0] ?? null),
    whose: words.whose ?? who.whose ?? "",
    title: fieldOf(form, "name")?.value || fieldOf(form, "goods")?.value || chosen(form.elements.product) || words.unnamed,
    at: Date.now(),
  });

  const save = async () => {
    const draft = entry("draft");
    const isKept = await keep(draft).then(() => true, () => false);
    line.textContent = isKept ? words.kept : words.refused;
    try {
      const now = await ask();
      if (!isSame(now, who)) return;
      const said = await deliver(draft, now, "save");
      if (said.status >= 400) return;
      if (draft.photo && !said.photoFault) sentPhoto = draft.photo;
      line.textContent = `${words.saved.replace("{}", said.at ?? "")}${isKept ? "" : ` ${words.refused}`}`;
      if (isKept) await drop(id);
    } catch (error) {
      if (error instanceof Ended) tell(error, isKept);
      else if (!(error instanceof Offline)) throw error;
    }
  };
  // Why the other person's work cannot go on; what was typed stays in the form and on the phone.
  const tell = (ended, isKept = true) => {
    const link = document.createElement("a");
    link.href = ended.url;
    link.textContent = words.helping;
    line.replaceChildren(`${isKept ? words.kept : words.refused} ${ended.message} `, link);
    line.className = "bao";
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => (turn = turn.then(save)), PAUSE);
  };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  if (words.understand) listen(form, words);

  form.addEventListener("submit", async (event) => {
    if ("sent" in form.dataset || event.submitter?.value !== "send" || "plain" in form.dataset) return;
    event.preventDefault();
    if (lacks(form)) return later();
    form.dataset.plain = "";
    isLeaving = false; // an earlier tap came to nothing
    // not while this event is still on its way: a form ignores what is asked of it meanwhile
    const sendPlainly = () => setTimeout(() => form.requestSubmit(event.submitter));
    clearTimeout(timer);
    await turn;
    const waiting = entry("waiting");
    try {
      await keep(waiting);
    } catch {
      line.textContent = words.refused;
      if (navigator.onLine) return sendPlainly();
      delete form.dataset.plain;
      return;
    }
    try {
      const now = await ask();
      if (isSame(now, who)) {
        const said = await deliver(waiting, now, "send");
        if (isLeaving && said.status >= 400) return; // the next page asks again and says what is wrong
        if (said.status === 422 || said.photoFault) {
          // the page of the server says what is to be looked at, beside each field
          await drop(id);
          if (!said.photoFault) form.elements.photo.value = "";
          carry(form, { client_id: id, for_member: now.member, csrf_token: now.token });
          return sendPlainly();
        }
        if (said.status < 400) {
          await drop(id);
          return goOn();
        }
      } else if (now) {
        delete form.dataset.plain;
        const why = now.whose ? words.other.replace("{}", now.whose) : words.otherNobody;
        return tell({ message: why, url: words.helpingUrl });
      }
    } catch (error) {
      if (error instanceof Ended) {
        delete form.dataset.plain;
        return tell(error);
      }
      if (!(error instanceof Offline)) throw error;
    }
    if (navigator.serviceWorker?.controller?.scriptURL.endsWith("/thanh-vien/may.js")) return goOn();
    line.textContent = words.waits; // without a worker no other page would open now
    addEventListener("online", goOn);
  });
}

const who_ = ({ account, member }) => ({ account, member });
const isSame = (now, who) => now !== null && now.account === who.account && now.member === who.member;

// The page says whose it is: remembered at once, so that what waits is shown even if no call ever got through.
async function named(form) {
  const who = { account: form.dataset.account, member: form.elements.for_member.value, whose: form.dataset.whose ?? "" };
  if (!isSame((await lastWho()) ?? null, who)) await rememberWho(who);
  return who;
}

// On the page that opens without a network: for whom this phone worked last.
async function found(line, words) {
  const who = await lastWho();
  if (!who) line.textContent = words.nobody;
  return who;
}

function fieldsOf(form) {
  const fields = {};
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && name !== "csrf_token" && name !== "act") fields[name] = value;
  }
  return fields;
}

// The page that opened without a network knows neither whose it is nor under which id the server has the entry.
function carry(form, values) {
  for (const [name, value] of Object.entries(values)) {
    const field = form.elements[name] ?? form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name }));
    field.value = value;
  }
}

const chosen = (select) => (select?.value ? select.selectedOptions?.[0]?.text : "");

// Says beside each field what lacks, as the server would: what waits for a network must be whole.
function lacks(form) {
  let first = null;
  for (const [name, words] of Object.entries(JSON.parse(form.dataset.needs))) {
    const control = fieldOf(form, name);
    const box = (control instanceof RadioNodeList ? control[0] : control)?.closest(".o");
    if (!box) continue;
    const isOnly = control.options && [...control.options].filter((option) => option.value).length === 1;
    const isMissing = !control.value.trim() && !isOnly;
    box.querySelector("[data-lacks]")?.remove();
    if (!(control instanceof RadioNodeList)) control.toggleAttribute("aria-invalid", isMissing);
    if (!isMissing) continue;
    const line = document.createElement("p");
    line.className = "loi-chu";
    line.dataset.lacks = "";
    line.setAttribute("role", "alert");
    line.textContent = words;
    box.append(line);
    first ??= control instanceof RadioNodeList ? control[0] : control;
  }
  first?.focus();
  return first !== null;
}

// The choices that the page without a network cannot know by itself.
function offer(form, who) {
  for (const [name, options] of Object.entries(who.choices ?? {})) {
    const select = form.elements[name];
    if (!select || select.options.length > 1) continue;
    for (const [value, text] of options) select.add(new Option(text, value));
    select.closest(".o").hidden = options.length === 0;
  }
}

async function restore(form, who) {
  const drafts = (await entriesOf(who).catch(() => [])).filter((entry) => entry.state === "draft" && entry.kind === form.dataset.kind);
  const last = drafts.sort((one, other) => other.at - one.at)[0];
  if (!last) return;
  form.elements.client_id.value = last.id;
  for (const [name, value] of Object.entries(last.fields)) {
    const control = form.elements[name];
    if (control && !["for_member", "client_id"].includes(name)) control.value = value;
  }
  if (last.photo) {
    const chosen = new DataTransfer();
    chosen.items.add(last.photo);
    form.elements.photo.files = chosen.files;
  }
}
