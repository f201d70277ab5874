// Asks data-url for what the page knows now: every 2 s, every 4 s in the background. The answer is a fragment of
// our own HTML; 304 means nothing new. A fragment holding data-done ends the asking; so does a page that is gone.
// Elements with data-live="name" are put in the place of those with the same name, so that a reader hears the line
// of state alone.

import { startParts } from "./main.js";

const NEAR = 2000;
const FAR = 4000;

export function start(region) {
  const lost = document.createElement("p");
  lost.className = "bao";
  lost.setAttribute("role", "status");
  lost.hidden = true;
  region.append(lost);
  let version = region.dataset.version ?? "";

  const ask = async () => {
    // After a gap: only what is newer than the last thing shown.
    const since = lost.hidden ? "" : region.querySelector("[data-number]")?.dataset.number;
    try {
      const answer = await fetch(since ? `${region.dataset.url}?since=${since}` : region.dataset.url, {
        headers: { Accept: "text/html", ...(version && { "If-None-Match": version }) },
        cache: "no-store",
      });
      lost.hidden = true;
      if (answer.status === 404 || answer.status === 410) return;
      if (answer.status === 200) {
        version = answer.headers.get("ETag") ?? "";
        if (show(region, await answer.text())) return;
      }
    } catch {
      lost.textContent = region.dataset.lost; // no network: said, and asked again
      lost.hidden = false;
    }
    setTimeout(ask, document.hidden ? FAR : NEAR);
  };
  setTimeout(ask, NEAR);
}

function show(region, html) {
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  const isDone = fresh.content.querySelector("[data-done]:not(button)") !== null; // a button's is its own word
  for (const part of fresh.content.querySelectorAll("[data-live]")) {
    const shown = region.querySelector(`[data-live=${part.dataset.live}]`);
    shown.replaceChildren(...part.childNodes);
    Object.assign(shown.dataset, part.dataset);
    startParts(shown);
  }
  return isDone;
}
