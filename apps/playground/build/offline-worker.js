// Service worker, with which the page works without a network: it keeps files that were loaded once, and serves them. The build
// writes two lists above: FILES, all files of this version, and SHELL, those that the page starts with.
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
      // A file with a hash in its name never changes; the page itself is new in each version.
      if (file === './' || !(await cache.match(file))) await cache.add(new Request(file, { cache: 'no-cache' }));
    }),
  );
}

self.addEventListener('activate', (event) => {
  event.waitUntil(prune().then(() => self.clients.claim()));
});

/** Deletes kept files of other versions that this version doesn't have. */
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
  // A frame of the page loads another document than the page.
  if (request.destination === 'iframe') return;
  if (request.mode === 'navigate') event.respondWith(openPage(event));
  else if (known.has(request.url)) event.respondWith(openFile(event));
});

// Answers with the page itself: from the network if there is one, so that a new version is noticed. All other files have a hash in
// their names.
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
  // Servers send Vary for headers that differ between the page's requests, but its files are the same for all of them.
  const kept = await cache.match(event.request, { ignoreSearch: true, ignoreVary: true });
  return kept ?? keep(event, cache, event.request.url, await fetch(event.request));
}

/** Keeps a file. When the disk is full the page works as on a first visit. */
function keep(event, cache, url, response) {
  if (response.ok && !response.redirected) event.waitUntil(cache.put(url, response.clone()).catch(() => undefined));
  return response;
}
