// Once a page that may be kept has come and all is quiet: the worker that opens it without a network. A page that
// came before there was one is handed to it. Where the browser refuses, everything else works as without.

export async function start() {
  try {
    await navigator.serviceWorker.register("/may.js", { scope: "/" });
    const { active } = await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller) active.postMessage(location.href);
  } catch {
    // refused, or no room
  }
}
