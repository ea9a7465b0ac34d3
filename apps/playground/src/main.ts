import { mount } from 'svelte';
import './app.css';
import App from './App.svelte';

mount(App, { target: document.querySelector('#app')! });

// Only built pages have one; where it can't be registered the page still works, but not offline.
if (import.meta.env.PROD && 'serviceWorker' in navigator) {
  addEventListener('load', () => void navigator.serviceWorker.register('./offline-worker.js').catch(() => undefined));
}
