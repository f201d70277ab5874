// Starts the small modules a page asks for: data-part="copy" loads ./copy.js and calls its start(element).
// A page without this script works by links and forms.

export function startParts(root) {
  for (const element of root.querySelectorAll("[data-part]")) {
    for (const name of element.dataset.part.split(" ")) {
      import(`./${name}.js`).then((part) => part.start(element));
    }
  }
}

startParts(document);
if (document.querySelector("form[method=post]")) {
  import("./submit-once.js").then((part) => part.start(document));
}
