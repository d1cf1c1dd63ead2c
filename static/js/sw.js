// The service worker. It answers without a network with a page of its own, takes what a phone shares,
// shows push messages and opens what they lead to. What it knows (KNOWS) the server writes above this.
// Pages of people are never kept here; js/kept.js keeps the last feed, for its reader alone.

const SHELL = `shell-${KNOWS.shell.join()}`; // another list of hashed names is another shell
const KEPT = "kept";
const SHARED = "shared";

self.addEventListener("install", (event) => {
  self.skipWaiting();
  // What a page tells when it is left (sights, dwell) goes past the worker: by way of it, it is lost with the page.
  event.addRoutes?.({ condition: { urlPattern: KNOWS.events }, source: "network" }).catch(() => {});
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll([KNOWS.offline, ...KNOWS.shell])));
});

self.addEventListener("activate", (event) => event.waitUntil(begin()));

async function begin() {
  await self.registration.navigationPreload?.enable();
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("shell-") && name !== SHELL).map((name) => caches.delete(name)));
  await self.clients.claim();
}

// ---------------------------------------------------------------- without a network
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (address.origin !== self.location.origin) return;
  if (request.method === "POST" && address.pathname === KNOWS.share) event.respondWith(takeShared(request));
  if (address.pathname === KNOWS.events) event.respondWith(fetch(request)); // where there are no routes past it
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (KNOWS.shell.includes(address.pathname)) event.respondWith(kept(request, SHELL).then((known) => known ?? fetch(request)));
  else if (request.destination === "image") event.respondWith(fetch(request).catch(async () => (await kept(request, KEPT)) ?? Response.error()));
});

const kept = (request, cacheName) => caches.match(request, { cacheName, ignoreVary: true });

async function page(event) {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch {
    return (await kept(KNOWS.offline, SHELL)) ?? Response.error();
  }
}

// ---------------------------------------------------------------- shared into a new note
// Words and pictures wait in a cache until the page that writes a note takes them out.
async function takeShared(request) {
  const sent = await request.formData();
  await caches.delete(SHARED);
  const cache = await caches.open(SHARED);
  const words = ["title", "text", "url"].map((name) => [name, sent.get(name)]).filter(([, value]) => typeof value === "string");
  await cache.put("/shared/words", Response.json(Object.fromEntries(words)));
  const pictures = sent.getAll("pictures").filter((file) => file instanceof File);
  await Promise.all(pictures.map((file, place) => cache.put(
    `/shared/pictures/${place}`,
    new Response(file, { headers: { "Content-Type": file.type, "X-Name": encodeURIComponent(file.name) } }),
  )));
  return Response.redirect(`${KNOWS.compose}?shared=1`, 303);
}

// ---------------------------------------------------------------- push messages
self.addEventListener("push", (event) => {
  let said = {};
  try {
    said = event.data.json();
  } catch {
    // A browser that shows nothing for a push is asked by its maker to show something.
  }
  const path = typeof said.path === "string" && said.path.startsWith("/") ? said.path : KNOWS.notices;
  // One of a group takes the place of the one before it.
  const look = { tag: path, data: { path }, icon: KNOWS.icon, badge: KNOWS.icon };
  const shown = self.registration.showNotification(said.title || self.registration.scope, look);
  event.waitUntil(Promise.all([shown, self.navigator.setAppBadge?.().catch(() => {})]));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.path ?? KNOWS.notices));
});

async function open(path) {
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  for (const client of windows) {
    try {
      await client.focus();
      return await client.navigate(path);
    } catch {
      // A window that may not be led there; try the next, else a new one.
    }
  }
  return self.clients.openWindow(path);
}
