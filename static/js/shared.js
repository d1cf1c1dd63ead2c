// What the phone's share sheet left for a new note (the worker put it there): words and pictures, taken once.

const SHARED = "shared";

export async function whatWasShared() {
  const cache = await caches.open(SHARED);
  const words = await (await cache.match("/shared/words"))?.json() ?? {};
  const places = (await cache.keys()).filter(({ url }) => url.includes("/shared/pictures/"));
  const files = await Promise.all(places.map(async (place) => {
    const answer = await cache.match(place);
    const blob = await answer.blob();
    return new File([blob], decodeURIComponent(answer.headers.get("X-Name")) || "picture", { type: blob.type });
  }));
  await caches.delete(SHARED);
  return { title: words.title ?? "", body: [words.text, words.url].filter(Boolean).join("\n"), files };
}
