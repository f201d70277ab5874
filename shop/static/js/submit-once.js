// A form on its way keeps its button's words and adds "…"; a second press sends nothing.

export function start(page) {
  page.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if ("sent" in form.dataset) {
      event.preventDefault();
      return;
    }
    if (navigator.onLine === false) {
      event.preventDefault();
      say(form);
      return;
    }
    form.querySelector("[data-unsent]")?.remove();
    form.dataset.sent = "";
    // A browser that hears no answer sends the same again by itself: the shop knows it by this name.
    if (form.elements.press) form.elements.press.value = `${Date.now()}-${Math.random()}`;
    const button = event.submitter;
    if (!button?.classList.contains("nut")) return;
    button.setAttribute("aria-busy", "true");
    button.append("…");
  });
  // Coming back by the browser's own button shows the kept page: it may be sent again.
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of page.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
    for (const button of page.querySelectorAll("[aria-busy=true]")) {
      button.removeAttribute("aria-busy");
      button.lastChild.remove();
    }
  });
}

// The form stays as it is: what was typed is somebody's patience.
function say(form) {
  form.querySelector("[data-unsent]")?.remove();
  const line = document.createElement("p");
  line.className = "bao";
  line.dataset.unsent = "";
  line.setAttribute("role", "alert");
  line.textContent = form.dataset.offline ?? document.body.dataset.offline ?? "";
  form.append(line);
  line.scrollIntoView({ block: "center" });
}
