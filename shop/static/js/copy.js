// "Chép": puts data-text on the clipboard and says so in the button itself.

export function start(button) {
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", () => copy(button, button.dataset.text));
}

export async function copy(button, text) {
  await navigator.clipboard.writeText(text);
  const words = button.querySelector("span");
  words.setAttribute("aria-live", "polite");
  words.textContent = button.dataset.done;
}
