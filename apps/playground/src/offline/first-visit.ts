/** Whether this page was loaded without a service worker that keeps its files, although the browser allows one. */
export const isFirstVisit =
  import.meta.env.PROD &&
  'serviceWorker' in navigator &&
  'caches' in globalThis &&
  navigator.serviceWorker.controller === null;

/** Name of a worker that keeps the files that it loads. */
export const KEEPER = 'keeper';
