/** Whether this page came without a service worker that keeps its files, though there can be one. */
export const isFirstVisit =
  import.meta.env.PROD &&
  'serviceWorker' in navigator &&
  'caches' in globalThis &&
  navigator.serviceWorker.controller === null;

/** Name of a worker that keeps what it loads. */
export const KEEPER = 'keeper';
