import { mount } from 'svelte';
import './app.css';
import App from './App.svelte';
import { isFirstVisit } from './offline/first-visit.js';
import { keepWhatIsLoaded } from './offline/kept-files.js';
import { workOffline } from './offline/offline.svelte.js';
import { i18n } from './text/language.svelte.js';

await i18n.start();
mount(App, { target: document.querySelector('#app')! });

// Only built pages have a service worker.
if (import.meta.env.PROD && 'serviceWorker' in navigator && 'caches' in globalThis) {
  if (isFirstVisit) keepWhatIsLoaded(new URL('./assets/', document.baseURI).href);
  // The texts may have been loaded after everything else.
  if (document.readyState === 'complete') void workOffline();
  else addEventListener('load', () => void workOffline());
}
