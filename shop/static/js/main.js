// Starts the small modules a page asks for: data-part="copy" loads ./copy.js and calls its start(element).
// A page without this script works by links and forms.

export function startParts(root) {
  for (const element of root.querySelectorAll("[data-part]")) {
    const place = element.closest("[data-media]"); // shown on some screens alone
    if (place && !matchMedia(place.dataset.media).matches) continue;
    for (const name of element.dataset.part.split(" ")) {
      import(`./${name}.js`).then((part) => part.start(element));
    }
  }
}

startParts(document);
if (document.querySelector("form[method=post]")) {
  import("./submit-once.js").then((part) => part.start(document));
}

if (document.querySelector("meta[name=dacsan-keep]") && navigator.serviceWorker) {
  const later = self.requestIdleCallback ?? ((act) => setTimeout(act, 200));
  const keep = () => later(() => import("./keep-pages.js").then((part) => part.start()));
  if (document.readyState === "complete") keep();
  else addEventListener("load", keep, { once: true });
}
