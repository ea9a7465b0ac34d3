import { existsSync } from 'node:fs';

const PLACES: Readonly<Record<string, readonly string[]>> = {
  linux: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  win32: ['C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe'],
};

/** Where an installed Chromium or Chrome is; HEED_CHROMIUM comes first. */
function findChromium(): string | undefined {
  const named = process.env['HEED_CHROMIUM'];
  const places = named === undefined ? (PLACES[process.platform] ?? []) : [named];
  return places.find((place) => existsSync(place));
}

const HOW = 'install Chromium or Chrome (Debian: apt-get install chromium), or set HEED_CHROMIUM to where it is';

/** The browser to test in. Where there is none, an error if the project is being checked (CI=true), else a plain message. */
export function chromiumOrSkip(): string | undefined {
  const found = findChromium();
  if (found !== undefined) return found;
  if (process.env['CI'] === 'true') throw new Error(`there is no browser to test in: ${HOW}`);
  process.on('exit', () => console.error(`\nTests in a browser were not run, as there is none. To run them, ${HOW}.`));
  return undefined;
}

/** The sandbox has to be off for root, as in containers; the rest keeps the browser from calling anywhere. */
export const CHROMIUM_FLAGS: readonly string[] = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
