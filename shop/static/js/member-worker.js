// The worker behind a member's pages: asks the network first; without one it opens the pages for offering goods and
// for a new batch, which are the same for everybody. It keeps no page that was made for a person.

/* global SHELLS, FILES, NAME */

const PATIENCE = 8000;

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(NAME)
      .then((cache) => cache.addAll([...Object.values(SHELLS), ...FILES].map((url) => new Request(url, { cache: "reload" }))))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  const language = NAME.slice(NAME.lastIndexOf("-")); // the pages of the other language have a worker of their own
  const isOld = (name) => name.startsWith("xa-vien-") && name.endsWith(language) && name !== NAME;
  const old = (names) => names.filter(isOld);
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(old(names).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const path = new URL(request.url).pathname;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(page(request, path));
  else if (FILES.includes(path)) event.respondWith(caches.match(path).then((kept) => kept ?? fetch(request)));
});

async function page(request, path) {
  const kept = await caches.match(SHELLS[path] ?? SHELLS[""]);
  try {
    return await inTime(fetch(request));
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

// A line that fades in the garden answers neither yes nor no.
function inTime(answer) {
  return new Promise((done, fail) => {
    setTimeout(() => fail(new Error("no answer in time")), PATIENCE);
    answer.then(done, fail);
  });
}
