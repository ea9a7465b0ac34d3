import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { Builder, type WebDriver, type WebElement } from 'selenium-webdriver';
import { openDisplay } from './display.js';
import { endWithMe } from './end-with-me.js';
import { firstOf, inLibraries } from './paths.js';
import { find, isAtRest, patiently, type Named, type Session } from './tab.js';

export const findWebKitDriver = (): string | undefined => firstOf('HEED_WEBKIT_DRIVER', ['/usr/bin/WebKitWebDriver']);
export const findMiniBrowser = (): string | undefined =>
  firstOf('HEED_WEBKIT', inLibraries('webkit2gtk-4.1/MiniBrowser'));

const SETTINGS = {
  // What other builds of WebKit have by default: shared memory for threads, and relaxed SIMD.
  JSC_useSharedArrayBuffer: '1',
  JSC_useWasmRelaxedSIMD: '1',
  // WebGL without a graphics card; and a driver that doesn't optimise, which takes it minutes for a shader of dropout.
  WEBKIT_DISABLE_DMABUF_RENDERER: '1',
  GALLIVM_PERF: 'nopt',
  LANG: 'en_US.UTF-8',
};

/** Opens the MiniBrowser of WebKitGTK by WebDriver. */
export async function openWebKit(): Promise<Session> {
  const display = await openDisplay();
  const port = await freePort();
  const service = spawn(findWebKitDriver()!, [`--port=${port}`], {
    stdio: 'ignore',
    env: { ...process.env, ...SETTINGS, DISPLAY: display.name },
  });
  const endService = endWithMe(service);
  const end = (): void => {
    endService();
    display.close();
  };
  try {
    const driver = await begin(port);
    /** @param act whether it could be done; otherwise it is tried again */
    const use = (element: Named, act: (found: WebElement) => Promise<boolean>): Promise<void> =>
      patiently(element, async () => {
        const found = await driver.executeScript<WebElement | null>(find, element.kind, element.name);
        return found !== null && act(found);
      });
    return {
      open: (url) => driver.get(url),
      run: (task, ...args) => driver.executeScript(task, ...args),
      click: (element) =>
        use(element, async (found) => {
          const isReady = await driver.executeScript<boolean>(isAtRest, found);
          if (isReady) await found.click();
          return isReady;
        }),
      type: (field, text) =>
        use(field, async (found) => {
          await driver.executeScript((input: HTMLInputElement) => input.select(), found);
          await found.sendKeys(text);
          return true;
        }),
      close: async () => {
        await driver.quit();
        end();
      },
      // Without its display it ends too.
      kill: end,
    };
  } catch (error) {
    end();
    throw error;
  }
}

/** Starts a session when the service is ready. */
async function begin(port: number): Promise<WebDriver> {
  const builder = new Builder().usingServer(`http://127.0.0.1:${port}`).withCapabilities({
    browserName: 'MiniBrowser',
    'webkitgtk:browserOptions': { binary: findMiniBrowser()!, args: ['--automation'] },
  });
  for (let tries = 0; ; tries++) {
    try {
      return await builder.build();
    } catch (error) {
      if (tries === 50) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
