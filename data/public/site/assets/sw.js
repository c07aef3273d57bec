// Lets a screen start while its server is away: pages come from the server if it answers, else from the browser's own
// store; files that carry a mark of their content come from the store. What a screen polls never does.
"use strict";
const PATIENCE = 8000; // ms

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (/\.[0-9a-f]{12}\.\w+$/.test(new URL(request.url).pathname)) event.respondWith(part(request));
});

async function page(request) {
  try {
    const answer = await Promise.race([fetch(request), new Promise((_, late) => setTimeout(late, PATIENCE))]);
    if (answer.status < 500) return answer;
  } catch { /* No answer: */ }
  return (await caches.match(request, { ignoreSearch: true })) ?? Response.error();
}

const part = async (request) => (await caches.match(request)) ?? fetch(request);
