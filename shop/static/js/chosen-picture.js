// On a product page: the large picture is that of the pack that is chosen. Without this the small ones stand in the list.

export function start(figure) {
  const form = document.querySelector("input[name=pack]")?.form;
  form?.addEventListener("change", () => {
    const small = form.querySelector("input[name=pack]:checked")?.closest(".chon").querySelector(".hinh");
    if (!small) return;
    const [old, drawn] = [figure.querySelector("picture, img"), small.firstElementChild.cloneNode(true)];
    const [before, image] = [old, drawn].map((one) => one.querySelector("img") ?? one);
    for (const one of [image, ...drawn.querySelectorAll("source")]) one.sizes = figure.dataset.sizes;
    [image.alt, image.width, image.height] = [small.dataset.alt, before.width, before.height];
    old.replaceWith(drawn);
    const words = figure.querySelector("figcaption");
    [words.textContent, words.hidden] = [small.dataset.caption, !small.dataset.caption];
  });
}
