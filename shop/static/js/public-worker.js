// The worker behind the public pages: asks the network first. The last batch pages, the cart and the orders of this
// browser can be read without one. It writes the age of a kept page into it by itself, and keeps no verdict, no
// paper and no claim at all: a page whose age cannot be told is not kept.

/* global FILES, OFFLINE, VERSION, WORDS */

const BATCHES = "dacsan-lo";
const PRIVATE = "dacsan-rieng";
const FILES_OF = "dacsan-tep-";
const PAGES_OF = "dacsan-mat-mang-";
const MOST = 30;
const DAYS_30 = 30 * 24 * 3600 * 1000;
const PATIENCE = 15_000;
const OWN = new Set(["gio", "don"]); // the rest is the same for everybody
const OF_TODAY = /<!--nay-->[^]*?<!--\/nay-->|<script type="application\/ld\+json">[^]*?<\/script>|<meta (?:property=|name="(?:description|twitter))[^>]*>/g;
const BODY = /<body[^>]*>/;
const OTHERS = /^(\/en)?\/(thanh-vien|quan-ly|gia-lap|payments|webhooks)(\/|$)/;
const SIGNING = /^(\/en)?\/(dang-nhap|dang-xuat|tai-khoan|khach)(\/|$)/;

self.addEventListener("install", (event) => event.waitUntil(install().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(tidy()));

self.addEventListener("message", (event) => {
  const url = new URL(event.data, location.href);
  if (url.origin !== location.origin) return;
  event.waitUntil(fetch(url, { headers: { Accept: "text/html" } }).then((answer) => keep(url, answer)).catch(() => {}));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.method === "POST" && SIGNING.test(url.pathname)) event.waitUntil(caches.delete(PRIVATE).catch(() => {}));
  if (request.mode === "navigate" && !OTHERS.test(url.pathname)) {
    if (request.method === "GET") event.respondWith(page(event, request, url));
    else event.respondWith(fetch(request).catch(() => offline(url, true)));
  } else if (request.method === "GET" && url.pathname.startsWith("/static/")) {
    event.respondWith(found(request).then((kept) => kept ?? fetch(request)));
  }
});

const found = (request) => caches.match(request).catch(() => undefined); // a browser may refuse to keep anything

async function page(event, request, url) {
  const asked = fetch(request).then((answer) => {
    event.waitUntil(keep(url, answer.clone()).catch(() => {})); // no room left, or none is given
    return answer;
  });
  const kept = await keptPage(url);
  try {
    return await (kept ? inTime(asked) : asked);
  } catch {
    return kept ? marked(kept, url) : offline(url, false);
  }
}

// A line that fades answers neither yes nor no.
function inTime(answer) {
  return new Promise((done, fail) => {
    setTimeout(() => fail(new Error("no answer in time")), PATIENCE);
    answer.then(done, fail);
  });
}

const keyOf = (url) => url.origin + url.pathname;

async function keptPage(url) {
  const kept = await found(keyOf(url));
  if (!kept?.headers.has("X-At")) return undefined;
  const isPast = OWN.has(kept.headers.get("X-Kind")) && Date.now() - Date.parse(kept.headers.get("X-At")) > DAYS_30;
  return isPast ? undefined : kept;
}

// Whatever the network says of an address takes the place of what was kept of it.
async function keep(url, answer) {
  if (answer.status >= 500 || answer.type !== "basic") return;
  const kind = answer.headers.get("Dacsan-Keep");
  for (const name of [BATCHES, PRIVATE]) if (await caches.has(name)) await (await caches.open(name)).delete(keyOf(url));
  if (!WORDS.vi[kind]) return;
  const html = (await answer.text()).replace(OF_TODAY, "");
  const version = html.match(/\/static\/([0-9a-f]{12})\//)?.[1];
  if (!BODY.test(html) || !version) return;
  await keepFiles(version);
  const headers = new Headers(answer.headers);
  for (const name of ["Content-Encoding", "Content-Length"]) headers.delete(name);
  const at = Date.parse(answer.headers.get("Date")) || Date.now();
  const title = html.match(/<title>([^<]*)<\/title>/)?.[1] ?? url.pathname;
  const about = { "X-At": new Date(at).toISOString(), "X-Kind": kind, "X-Version": version, "X-Title": encodeURIComponent(title) };
  for (const [name, value] of Object.entries(about)) headers.set(name, value);
  const cache = await caches.open(OWN.has(kind) ? PRIVATE : BATCHES);
  const put = () => cache.put(keyOf(url), new Response(html, { status: answer.status, headers }));
  try {
    await put();
  } catch {
    await leave(cache, MOST / 3); // the phone is full: the newest pages are worth more than the oldest
    await put();
  }
  await leave(cache, MOST);
}

async function leave(cache, most) {
  const keys = await cache.keys();
  await Promise.all(keys.slice(0, Math.max(0, keys.length - most)).map((key) => cache.delete(key)));
}

// The style sheet and scripts of the release that made the page, so that no page wears those of another.
async function keepFiles(version) {
  const cache = await caches.open(FILES_OF + version);
  if ((await cache.keys()).length < FILES.length) await cache.addAll(FILES.map((name) => `/static/${version}/${name}`));
}

async function install() {
  await keepFiles(VERSION);
  await (await caches.open(PAGES_OF + VERSION)).addAll(Object.values(OFFLINE).map((path) => new Request(path, { cache: "reload" })));
}

async function tidy() {
  const versions = new Set([VERSION]);
  for (const [, kept] of await everyPage()) versions.add(kept.headers.get("X-Version"));
  const isOld = (name) =>
    (name.startsWith(FILES_OF) && !versions.has(name.slice(FILES_OF.length))) ||
    (name.startsWith(PAGES_OF) && name !== PAGES_OF + VERSION);
  await Promise.all((await caches.keys()).filter(isOld).map((name) => caches.delete(name)));
}

async function everyPage() {
  const pages = [];
  for (const name of [PRIVATE, BATCHES]) {
    if (!(await caches.has(name))) continue;
    const cache = await caches.open(name);
    for (const key of (await cache.keys()).reverse()) {
      if (await keptPage(new URL(key.url))) pages.push([key.url, await cache.match(key)]);
      else await cache.delete(key);
    }
  }
  return pages;
}

const languageOf = (url) => (/^\/en(\/|$)/.test(url.pathname) ? "en" : "vi");

function age(at, language) {
  const part = (options) => new Intl.DateTimeFormat(language, { timeZone: "Asia/Ho_Chi_Minh", ...options });
  const time = part({ hour: "numeric", minute: "2-digit", hourCycle: "h23" }).format(new Date(at)).replace(/^0(?=\d)/, "");
  const year = Date.now() - Date.parse(at) > 10 * DAYS_30 ? { year: "numeric" } : {};
  const day = part({ day: "numeric", month: language === "en" ? "short" : "numeric", ...year }).format(new Date(at));
  return WORDS[language].kept.replace("{}", `${time} ${day}`);
}

async function marked(kept, url) {
  const words = WORDS[languageOf(url)];
  const line = `<div class="bao" role="status" data-kept><p><b>${words.unchecked} ${age(kept.headers.get("X-At"), languageOf(url))}</b> ${words[kept.headers.get("X-Kind")]}</p></div>`;
  const html = (await kept.text()).replace(BODY, (body) => body + line);
  return new Response(html, { status: kept.status, headers: kept.headers });
}

async function offline(url, isSending) {
  const language = languageOf(url);
  const shell = await found(new Request(new URL(OFFLINE[language], location.href)));
  if (!shell) return Response.error();
  const rows = [];
  for (const [address, kept] of await everyPage()) {
    const title = decodeURIComponent(kept.headers.get("X-Title")).replace(/ · Đặc Sản$/, "");
    const path = new URL(address).pathname.replaceAll('"', "%22");
    rows.push(`<li class="cc"><span><span class="nhay-toi"><a href="${path}">${title}</a></span> <small>${age(kept.headers.get("X-At"), language)}</small></span></li>`);
  }
  const list = rows.length ? `<h2>${WORDS[language].readable}</h2><ul>${rows.join("")}</ul>` : "";
  const said = isSending ? `<p class="bao" role="alert"><b>${WORDS[language].unsent}</b></p>` : "";
  const html = (await shell.text()).replace("<!--chua-gui-->", () => said).replace("<!--da-luu-->", () => list);
  return new Response(html, { status: 503, headers: shell.headers });
}
