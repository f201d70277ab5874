// The phone's own sharing; where there is none, the address is copied.

import { copy } from "./copy.js";

export function start(button) {
  const { url, title } = button.dataset;
  if (!navigator.share && !navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    if (!navigator.share) return copy(button, url);
    try {
      await navigator.share({ url, title });
    } catch (error) {
      if (error.name !== "AbortError") throw error; // the person closed the sheet
    }
  });
}
