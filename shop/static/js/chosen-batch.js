// On a product page: the frame shows the batch of the pack that is chosen. Without this it shows the first, the others below it.

export function start(frame) {
  const form = frame.closest("form");
  const show = () => {
    const chosen = form.querySelector("input[name=pack]:checked")?.value;
    if (!frame.querySelector(`[data-batch="${chosen}"]`)) return;
    for (const one of frame.querySelectorAll("[data-batch]")) one.hidden = one.dataset.batch !== chosen;
    for (const one of frame.querySelectorAll("[data-other]")) one.hidden = one.dataset.other === chosen;
  };
  form.addEventListener("change", show);
  show();
}
