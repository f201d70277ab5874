// A member's form on a computer that many use: nothing is kept on it. The server keeps a draft at every pause in
// typing; without a network the form stays as it is, says so, and goes when the network is back.

import { listen } from "./member-understood.js";

const PAUSE = 900;
const PATIENCE = 45_000;

export function start(form) {
  const words = form.dataset;
  const line = document.createElement("p");
  line.className = "goi-y";
  line.setAttribute("role", "status");
  form.prepend(line);
  let timer = 0;
  let turn = Promise.resolve();
  let isUnsaved = false;
  let sentPhoto = null; // not sent again at each pause

  // What the server answered; null where it could not be reached or was in trouble.
  const keep = async () => {
    const body = new FormData(form);
    body.set("act", "save");
    const photo = form.elements.photo.files[0] ?? null;
    if (photo === sentPhoto) body.delete("photo");
    const headers = { Accept: "application/json" };
    try {
      const options = { method: "POST", body, headers, cache: "no-store", signal: AbortSignal.timeout(PATIENCE) };
      const answer = await fetch(form.getAttribute("action"), options);
      if (answer.status >= 500) return null;
      const isData = (answer.headers.get("Content-Type") ?? "").startsWith("application/json");
      const said = isData ? await answer.json() : {};
      if (answer.ok && !said.faults?.photo) sentPhoto = photo;
      return { isKept: answer.ok && isData, ...said };
    } catch {
      return null;
    }
  };

  const save = async () => {
    const said = await keep();
    if (said?.isKept) {
      isUnsaved = false;
      line.textContent = words.saved.replace("{}", said.at ?? "");
    } else if (said === null) line.textContent = words.lost;
  };
  const later = () => {
    isUnsaved = true;
    clearTimeout(timer);
    timer = setTimeout(() => (turn = turn.then(save)), PAUSE);
  };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  addEventListener("beforeunload", (event) => isUnsaved && event.preventDefault());
  listen(form, words);

  form.addEventListener("submit", async (event) => {
    if ("plain" in words) return;
    event.preventDefault();
    const button = event.submitter;
    clearTimeout(timer);
    await turn;
    // a draft first: should the network go just now, the words are in the cooperative's books
    const said = await keep();
    if (said === null) {
      isUnsaved = true;
      line.textContent = words.unsent;
      line.scrollIntoView({ block: "center" }); // the button stands below what the screen shows
      addEventListener("online", () => form.requestSubmit(button), { once: true });
      return;
    }
    isUnsaved = false;
    if (sentPhoto && sentPhoto === form.elements.photo.files[0]) form.elements.photo.value = "";
    words.plain = "";
    setTimeout(() => form.requestSubmit(button));
  });
}
