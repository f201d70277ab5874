// The entries of this phone, each "chưa gửi", "đã gửi 9:42" or what has to be looked at again; sends them as soon as
// there is a network, also when it comes back while the page is open.

import { ask, confirm, Ended, Offline, sendAll } from "./member-send.js";
import { drop, entriesOf, lastWho } from "./member-store.js";

const clock = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "numeric", minute: "2-digit", timeZone: "Asia/Ho_Chi_Minh" });

const FIRST_AGAIN = 1_000; // a network that has just come back may refuse the first call
const LAST_AGAIN = 20_000; // an answer was lost, though the phone says that there is a network

export function start(region) {
  const words = region.dataset;
  let isSending = false;
  let isAskedAgain = false;
  let again = 0;
  let pause = FIRST_AGAIN;

  const show = async () => {
    const who = words.account ? { account: words.account } : await lastWho();
    const entries = who ? (await entriesOf(who).catch(() => [])).filter((entry) => entry.state !== "draft") : [];
    const waiting = entries.filter((entry) => entry.state === "waiting").length;
    const shown = entries.filter(standsOnce);
    region.replaceChildren();
    if (waiting) region.append(notice(words.waiting.replace("{}", waiting)));
    if (shown.length) region.append(list(shown));
    return waiting;
  };

  const list = (entries) => {
    const rows = document.createElement("ul");
    rows.className = "xep";
    for (const entry of entries.sort((one, other) => other.at - one.at)) rows.append(row(entry));
    return rows;
  };

  const row = (entry) => {
    const item = document.createElement("li");
    item.className = "mon-nho";
    const text = document.createElement("p");
    const name = document.createElement("b");
    name.textContent = [entry.title, entry.lot, words.account && entry.whose].filter(Boolean).join(" · ");
    const state = document.createElement("span");
    state.className = entry.state === "sent" ? "nhan-tt" : `nhan-tt ${entry.state === "back" ? "hong" : "canh"}`;
    const said = { waiting: words.unsent, sent: words.sent, back: words.back }[entry.state];
    state.textContent = said.replace("{}", entry.state === "back" ? entry.said : clock.format(entry.at));
    text.append(name, " ", state);
    item.append(text);
    if (entry.state === "back" && entry.echo) {
      const right = document.createElement("button");
      right.className = "nut vien";
      right.type = "button";
      right.textContent = words.right;
      right.addEventListener("click", () => confirm(entry).then(work));
      item.append(right);
    }
    if (entry.state === "back" && entry.link) {
      const link = document.createElement("a");
      link.href = entry.link;
      link.textContent = words.look;
      link.addEventListener("click", () => drop(entry.id));
      item.append(link);
    }
    return item;
  };

  const work = async () => {
    if (isSending) {
      isAskedAgain = true; // the network came back while a call was still failing for want of it
      return;
    }
    isSending = true;
    isAskedAgain = false;
    clearTimeout(again);
    try {
      const waiting = await show();
      const who = await ask();
      if (who) await sendAll(who);
      pause = FIRST_AGAIN;
      await show();
      if (!who && waiting && !words.account) region.append(notice(words.signIn.replace("{}", waiting)));
    } catch (error) {
      if (!(error instanceof Offline || error instanceof Ended)) throw error;
      const waiting = await show();
      const isShell = document.querySelector("[data-network]") !== null;
      if ((waiting || isShell) && error instanceof Offline) {
        again = setTimeout(work, pause);
        pause = Math.min(2 * pause, LAST_AGAIN);
      }
      if (waiting && !words.account && error instanceof Ended) region.append(notice(words.ended.replace("{}", error.message)));
    } finally {
      isSending = false;
      if (isAskedAgain) work();
    }
  };

  const workAtOnce = () => {
    pause = FIRST_AGAIN;
    return work();
  };

  addEventListener("online", workAtOnce);
  document.addEventListener("visibilitychange", () => document.hidden || workAtOnce());
  work();
}

// What has to be looked at again is a draft of the server too: its row gives way to that of the phone, which says why.
// One that has gone since, from another page, needs no more looking at.
function standsOnce(entry) {
  if (entry.state !== "back" || !entry.link) return true;
  const { pathname } = new URL(entry.link, location.href);
  const link = [...document.querySelectorAll("main li.mon-nho > div a[href]")].find((one) => one.pathname === pathname);
  const row = link?.closest("li");
  if (!row) return true;
  if (!("open" in row.dataset)) {
    drop(entry.id);
    return false;
  }
  row.hidden = true;
  const rows = row.parentElement;
  const isBare = [...rows.children].every((one) => one.hidden);
  rows.hidden = isBare;
  if (rows.previousElementSibling?.tagName === "H2") rows.previousElementSibling.hidden = isBare;
  return true;
}

function notice(text) {
  const line = document.createElement("p");
  line.className = "bao";
  line.setAttribute("role", "status");
  line.textContent = text;
  return line;
}
