// Sends what waits on this phone, each entry once however often it is tried: the server knows it by its id. Before
// sending it asks who is signed in and for a fresh token; entries of anybody else stay where they are.

import { drop, entriesOf, find, forgetWho, keep, rememberWho } from "./member-store.js";

const PATIENCE = 45_000;
const KEPT = 24 * 3600 * 1000; // so long "đã gửi" stays in sight
const base = document.querySelector("meta[name=dacsan-member]").content;

export class Offline extends Error {}

// The person helped lets this helper act no more: says why and where to go on. Nothing is sent, nothing dropped.
export class Ended extends Error {
  constructor({ ended, url }) {
    super(ended);
    this.url = url;
  }
}

async function get(url, options = {}) {
  try {
    const answer = await fetch(url, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE), ...options });
    sayNetwork(true);
    return answer;
  } catch (error) {
    sayNetwork(false);
    throw new Offline(error.message);
  }
}

// A page that opened without a network says so no longer than it is true.
function sayNetwork(isThere) {
  for (const words of document.querySelectorAll("[data-network]")) {
    words.dataset.gone ??= words.textContent;
    words.textContent = isThere ? words.dataset.network : words.dataset.gone;
  }
}

const isData = (answer) => (answer.headers.get("Content-Type") ?? "").startsWith("application/json");

// Who is signed in here, with a token for forms; null when nobody is, or on a shared computer.
export async function ask() {
  const answer = await get(`${base}/ai-day`, { headers: { Accept: "application/json" } });
  if (answer.status === 403 && isData(answer)) {
    const { account, member, ...why } = await answer.json();
    await rememberWho({ account, member });
    throw new Ended(why);
  }
  if (answer.status === 401 || answer.status === 403) {
    await forgetWho();
    return null;
  }
  if (!answer.ok) throw new Offline(`${answer.status}`);
  const who = await answer.json();
  if (!who.account) {
    await forgetWho(); // somebody who offers nothing, or a computer that many use
    return null;
  }
  const { token, ...kept } = who;
  await rememberWho(kept);
  return who;
}

async function post(url, fields, who) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  body.set("for_member", who.member);
  const headers = { Accept: "application/json", "X-CSRFToken": who.token };
  const answer = await get(url, { method: "POST", body, headers });
  if (!isData(answer)) throw new Offline(`${answer.status}`);
  const said = await answer.json();
  if (said.ended) throw new Ended(said);
  return { status: answer.status, ...said };
}

// Brings one entry to the server: first the words, then the photo, which never holds them up.
export async function deliver(entry, who, act) {
  const said = await post(entry.url, { ...entry.fields, client_id: entry.id, act }, who);
  if (entry.photo && said.state !== "approved") {
    const photo = await post(entry.photoUrl, { client_id: entry.id, kind: entry.kind, photo: entry.photo }, who);
    said.photoFault = photo.faults?.photo ?? "";
  }
  return said;
}

// Sends everything that waits for this person.
export async function sendAll(who) {
  const waiting = (await entriesOf(who).catch(() => [])).filter((entry) => entry.state === "waiting");
  for (const { id } of waiting) {
    const entry = await find(id); // another tab may have been quicker
    if (entry?.state !== "waiting") continue;
    const said = await deliver(entry, who, "send");
    const isBack = said.status === 422 || said.photoFault;
    const asked = Object.values(said.confirm ?? {});
    const wrong = [...Object.values(said.faults ?? {}), said.question, said.photoFault].filter(Boolean);
    await keep({
      ...entry,
      photo: null,
      state: isBack ? "back" : "sent",
      at: Date.now(),
      link: said.url ?? "",
      said: isBack ? [...wrong, ...asked].join(" ") : "",
      echo: wrong.length ? null : (said.echo ?? null),
      lot: said.lot ?? "",
    });
  }
  await clear(who);
}

// The person says that what was understood is right: the entry goes once more, with what was shown.
export async function confirm(entry) {
  const shown = Object.entries(entry.echo).map(([name, value]) => [`read-${name}`, value]);
  await keep({ ...entry, state: "waiting", fields: { ...entry.fields, ...Object.fromEntries(shown) }, echo: null });
}

async function clear(who) {
  for (const entry of await entriesOf(who).catch(() => [])) {
    if (["sent", "back"].includes(entry.state) && Date.now() - entry.at > KEPT) await drop(entry.id);
  }
}
