// On every page of a member: on their own phone it lets the pages open without a network, on a shared computer it
// forgets who was here. Signing out forgets too; what waits stays until the same person signs in again.

import { forgetWho } from "./member-store.js";

const meta = document.querySelector("meta[name=dacsan-member]");

if ("shared" in meta.dataset) {
  forgetWho();
} else {
  navigator.serviceWorker?.register(`${meta.content}/may.js`, { scope: meta.content }).catch(() => {});
  document.addEventListener("submit", (event) => {
    if (event.target.action.endsWith("/dang-xuat")) forgetWho();
  });
}
