// The page without a network: what was loaded once is kept, and served from there. FILES, all that belong to this version, and SHELL,
// those that the page begins with, are written above by the build.
const CACHE = 'heed-playground';
const HERE = self.registration.scope;
const known = new Set(FILES.map((file) => new URL(file, HERE).href));

self.addEventListener('install', (event) => {
  event.waitUntil(install().then(() => self.skipWaiting()));
});

async function install() {
  const cache = await caches.open(CACHE);
  await Promise.all(
    SHELL.map(async (file) => {
      // A file with a hash in its name is what it was; the page itself is new.
      if (file === './' || !(await cache.match(file))) await cache.add(new Request(file, { cache: 'no-cache' }));
    }),
  );
}

self.addEventListener('activate', (event) => {
  event.waitUntil(prune().then(() => self.clients.claim()));
});

/** What was kept of other versions, unless this one has it too. */
async function prune() {
  const old = (await caches.keys()).filter((name) => name.startsWith(CACHE) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  const cache = await caches.open(CACHE);
  const requests = await cache.keys();
  await Promise.all(requests.filter(({ url }) => !known.has(url)).map((request) => cache.delete(request)));
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || !request.url.startsWith(HERE)) return;
  if (request.mode === 'navigate') event.respondWith(openPage(event));
  else if (known.has(request.url)) event.respondWith(openFile(event));
});

// The page itself comes from the network while there is one, so that a new version is seen; its other files have a hash in their
// names.
async function openPage(event) {
  const cache = await caches.open(CACHE);
  try {
    return await keep(event, cache, './', await fetch(event.request));
  } catch {
    return (await cache.match('./')) ?? Response.error();
  }
}

async function openFile(event) {
  const cache = await caches.open(CACHE);
  // Servers vary by headers that the page's requests differ in; its files don't.
  const kept = await cache.match(event.request, { ignoreSearch: true, ignoreVary: true });
  return kept ?? keep(event, cache, event.request.url, await fetch(event.request));
}

/** Where the disk is full the page works as if it were new. */
function keep(event, cache, url, response) {
  if (response.ok && !response.redirected) event.waitUntil(cache.put(url, response.clone()).catch(() => undefined));
  return response;
}
