// Asks data-url for what the page knows now: every 2 s, every 4 s in the background. The answer is a fragment of
// our own HTML; 304 means nothing new. A fragment holding data-done ends the asking; so does a page that is gone.

const NEAR = 2000;
const FAR = 4000;

export function start(region) {
  const shown = region.querySelector("[role=status]");
  const lost = document.createElement("p");
  lost.className = "bao";
  lost.setAttribute("role", "status");
  region.append(lost);
  lost.hidden = true;
  let version = "";

  const ask = async () => {
    try {
      const answer = await fetch(region.dataset.url, {
        headers: { Accept: "text/html", ...(version && { "If-None-Match": version }) },
        cache: "no-store",
      });
      lost.hidden = true;
      if (answer.status === 404 || answer.status === 410) return;
      if (answer.status === 200) {
        version = answer.headers.get("ETag") ?? "";
        shown.innerHTML = await answer.text();
        if (shown.querySelector("[data-done]")) return;
      }
    } catch {
      lost.textContent = region.dataset.lost; // no network: said, and asked again
      lost.hidden = false;
    }
    setTimeout(ask, document.hidden ? FAR : NEAR);
  };
  setTimeout(ask, NEAR);
}
