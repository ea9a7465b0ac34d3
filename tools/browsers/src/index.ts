import { CHROMIUM_FLAGS, findChromium } from '@heed/chromium';
import { findXvfb, openDisplay } from './display.js';
import { firstOf } from './paths.js';
import { openRestarting } from './restarting.js';
import type { Tab } from './tab.js';
import { findMiniBrowser, findWebKitDriver } from './webkit.js';

export type { Named, Tab } from './tab.js';

/** A browser in which tests can run if it is installed. */
export interface Browser {
  readonly name: 'Chromium' | 'Firefox' | 'WebKit';
  readonly isInstalled: boolean;
  /** How to install it. */
  readonly how: string;
  open(): Promise<Tab>;
}

const firefox = firstOf('HEED_FIREFOX', ['/usr/bin/firefox-esr', '/usr/bin/firefox']);
const hasDisplay = findXvfb() !== undefined;

/** Browsers of all three engines that users of a page have. */
export const browsers: readonly Browser[] = [
  {
    name: 'Chromium',
    isInstalled: findChromium() !== undefined,
    how: 'apt-get install chromium, or HEED_CHROMIUM',
    async open() {
      const { openWithPuppeteer } = await import('./puppeteer.js');
      return openRestarting(() => openWithPuppeteer({ executablePath: findChromium(), args: [...CHROMIUM_FLAGS] }));
    },
  },
  {
    name: 'Firefox',
    isInstalled: firefox !== undefined && hasDisplay,
    how: 'apt-get install firefox-esr xvfb, or HEED_FIREFOX',
    // It has graphics only with a display; with this setting the drivers draw on the processor.
    async open() {
      const { openWithPuppeteer } = await import('./puppeteer.js');
      const display = await openDisplay();
      const env = { ...process.env, DISPLAY: display.name, GALLIUM_DRIVER: 'softpipe', LIBGL_ALWAYS_SOFTWARE: '1' };
      const tab = await openRestarting(() =>
        openWithPuppeteer({ browser: 'firefox', executablePath: firefox, headless: false, env }),
      );
      return {
        ...tab,
        async close() {
          await tab.close();
          display.close();
        },
      };
    },
  },
  {
    name: 'WebKit',
    isInstalled: findWebKitDriver() !== undefined && findMiniBrowser() !== undefined && hasDisplay,
    how: 'apt-get install webkit2gtk-driver xvfb',
    async open() {
      const { openWebKit } = await import('./webkit.js');
      return openRestarting(openWebKit);
    },
  },
];

/**
 * Browsers to test in. For those that aren't installed, a test is counted as skipped.
 *
 * @throws Error when one isn't installed and the project is being checked (CI=true)
 */
export function browsersToTestIn(): readonly Browser[] {
  const missing = browsers.find(({ isInstalled }) => !isInstalled);
  if (missing !== undefined && process.env['CI'] === 'true') {
    throw new Error(`there is no ${missing.name}: ${missing.how}`);
  }
  return browsers;
}

/** Message about tests that were left out because a browser is missing; undefined when none is. */
export function notTestedIn(): string | undefined {
  const missing = browsers.filter(({ isInstalled }) => !isInstalled);
  if (missing.length === 0) return undefined;
  const lines = missing.map(({ name, how }) => `  ${name}: ${how}`);
  return ['The page was NOT tested in these browsers. To test it there, on Linux:', ...lines].join('\n');
}
