import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { FACTS } from '@heed/backends/facts';
import { browsersToTestIn, type Tab } from '@heed/browsers';
import { listCases } from '@heed/conformance';
import { decodePicture } from '@heed/pictures';
import { tellRan } from '@heed/reports';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { serveFolder, type Site } from '@heed/chromium/serve';
import { curious } from './modules.js';
import { HEADS } from './suite-size.js';

const SAMPLES = new URL('../src/views/picture/samples/', import.meta.url);
const DIST = fileURLToPath(new URL('../dist', import.meta.url));

/**
 * Notes, before anything else of the page runs, what goes wrong in it: drivers don't all tell. A map that fits itself to its place
 * makes the browser observe sizes once more in the next frame, which it tells as if it were an error.
 */
const NOTE_PROBLEMS = `
  const problems = (globalThis.problems = []);
  const note = ({ message, target }) => problems.push(message ?? 'not loaded: ' + (target.src ?? target.href));
  addEventListener('error', (event) => /^ResizeObserver loop/.test(event.message) || note(event), true);
  addEventListener('unhandledrejection', ({ reason }) => problems.push(String(reason)));
  const { error } = console;
  console.error = (...all) => {
    problems.push(all.join(' '));
    error(...all);
  };
`;

/** Backends whose whole suite other tests run, in agreement/: wasm in a page of Chromium, cpu in Node, which has Chromium's V8. */
const SEEN_IN_CHROMIUM: ReadonlySet<string> = new Set(['cpu', 'wasm']);

/** Where a frame of an isolated page starts a worker from a blob of its own origin; WebKit does in other pages alone. */
const HAS_SANDBOX: Readonly<Record<string, boolean>> = { Chromium: true, Firefox: true, WebKit: false };

/** Where a worker has WebGL; WebKit has it on the main thread alone. */
const HAS_WEBGL: Readonly<Record<string, boolean>> = { Chromium: true, Firefox: true, WebKit: false };

for (const { name, isInstalled, open } of browsersToTestIn())
  describe.runIf(isInstalled)(`the page in ${name}`, () => {
    const isSeenElsewhere = (backend: string): boolean => name === 'Chromium' && SEEN_IN_CHROMIUM.has(backend);
    let tab: Tab;
    let site: Site;
    beforeAll(async () => {
      tab = await open();
    });
    afterAll(() => tab?.close());
    beforeEach(async () => {
      const html = await readFile(`${DIST}/index.html`, 'utf8');
      site = await serveFolder(DIST, '/some/where/', true, {
        'index.html': html.replace('<head>', '<head><script src="./problems.js"></script>'),
        'problems.js': NOTE_PROBLEMS,
      });
    });
    afterEach(async () => {
      await site.close();
    });

    /** Every test has a server of its own, so an origin of its own, so nothing that another one left. */
    const visit = (hash = '#1'): Promise<void> => tab.open(`${site.url}${hash}`);
    const poll = <T>(task: () => T | Promise<T>) => expect.poll(() => tab.run(task), { timeout: 200_000 });
    const seesNoProblem = async (): Promise<void> =>
      expect(await tab.run(() => (globalThis as unknown as { problems: string[] }).problems.join('\n'))).toBe('');
    const text = (): string => document.querySelector('main')!.innerText.replaceAll(/\s+/g, ' ');

    async function weights(): Promise<number[][]> {
      const button = 'Table: Weights α';
      await tab.click({ kind: 'button', name: button });
      const read = (name: string): number[][] => {
        const figure = document.querySelector(`[aria-label="${name}"]`)!.closest('figure')!;
        const table = figure.querySelector('attention-heatmap')!.shadowRoot!.querySelector('table');
        return [...(table?.tBodies[0]!.rows ?? [])].map((row) =>
          [...row.cells].slice(1).map((cell) => Number(cell.textContent)),
        );
      };
      await expect.poll(() => tab.run(read, button)).not.toEqual([]);
      const values = await tab.run(read, button);
      await tab.click({ kind: 'button', name: button });
      return values;
    }

    test('loads without a problem, with threads, and computes what is typed', async () => {
      await visit();
      await poll(() => document.querySelector('header')!.innerText).toMatch(/[2-8] threads/);
      await poll(text).toContain('in one fused kernel of the wasm backend');
      const rows = await weights();
      expect(rows).toHaveLength(4);
      for (const row of rows) expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 2);
      await tab.type({ kind: 'field', name: 'Query sequence' }, 'a dog');
      await expect.poll(async () => (await weights()).length).toBe(2);
      // Its maps are drawn, each of its own.
      await poll(() => {
        const maps = [...document.querySelectorAll('attention-heatmap')].filter((map) => map.checkVisibility());
        return maps.map((map) => (map.shadowRoot!.querySelector('svg rect, canvas') === null ? 'blank' : 'drawn'));
      }).toEqual(['drawn', 'drawn', 'drawn', 'drawn', 'drawn']);
      await seesNoProblem();
    });

    test(`webgl: ${HAS_WEBGL[name] ? 'computes' : 'says that workers have none here, and computes on wasm'}`, async () => {
      await visit();
      await poll(text).toContain('of the wasm backend');
      await tab.click({ kind: 'field', name: 'webgl' });
      if (HAS_WEBGL[name]) {
        await poll(text).toContain('of the webgl backend');
        expect(await weights()).toHaveLength(4);
        return seesNoProblem();
      }
      await poll(() => document.querySelector('header')!.innerText).toContain(
        'webgl can’t be used, so wasm computes instead:',
      );
      await poll(() => document.querySelector('header [role=alert]')!.textContent).toContain(
        'there is no WebGL 2 here',
      );
      await poll(() => document.querySelector('header')!.innerText).toMatch(/[2-8] threads/);
      await poll(text).toContain('of the wasm backend');
      await seesNoProblem();
    });

    test('answers the example of a task, with an attention map', async () => {
      await visit('#1?view=tasks&task=dates');
      await poll(() => document.querySelector('p[aria-label=Output]')?.textContent).toMatch(/^\d{4}-\d\d-\d\d$/);
      expect(
        await tab.run(() => document.querySelectorAll('section[aria-label=Answer] figure').length),
      ).toBeGreaterThan(0);
      await seesNoProblem();
    });

    test('reads a picture, which the browser decodes in the worker', async () => {
      await visit('#1?view=picture&sam=tulip');
      const { data } = await decodePicture(await readFile(new URL('tulip.png', SAMPLES)));
      const [x, y] = [32, 16];
      await poll(() => {
        const picture = document.querySelector('#view-picture attention-overlay')?.shadowRoot?.querySelector('canvas');
        return picture && [...picture.getContext('2d')!.getImageData(32, 16, 1, 1).data];
      }).toEqual([...data.subarray((y * 64 + x) * 4, (y * 64 + x) * 4 + 4)]);
      await seesNoProblem();
    });

    test('reads a word aloud with the model, and trains one', async () => {
      await visit('#1?view=model&tu=32&tb=4');
      await poll(() => document.querySelector('p[aria-label=Output]')?.textContent).toContain('AH T EH N SH AH N');
      await tab.click({ kind: 'tab', name: 'Train' });
      await tab.type({ kind: 'field', name: 'Steps' }, '8');
      await tab.click({ kind: 'button', name: 'Start training' });
      await poll(text).toContain('After 8 steps');
      await poll(text).toContain('Train again');
      await seesNoProblem();
      // It is there when the page is opened again.
      await tab.run(() => location.reload());
      await poll(text).toContain('This training was kept from your last visit.');
      await poll(text).toContain('After 8 steps');
    }, 240_000);

    test('works offline with what was opened before', async () => {
      await visit();
      await poll(text).toContain('of the wasm backend');
      await poll(() => document.querySelector('footer')!.innerText).toContain('What you have opened works offline.');
      // Every file that a thread has loaded is kept a moment later.
      await poll(async () => {
        const kept = await (await caches.open('heed-playground')).keys();
        return ['engine.generated', 'attend-', 'words-'].map((name) => kept.some(({ url }) => url.includes(name)));
      }).toEqual([true, true, true]);
      await site.close();
      await tab.run(() => location.reload());
      await poll(text).toContain('of the wasm backend');
      await tab.click({ kind: 'tab', name: 'Model' });
      await poll(text).toContain('There is no connection.');
    });

    test.for(FACTS.filter(({ name: backend, runsIn }) => runsIn === 'anywhere' && !isSeenElsewhere(backend)))(
      'passes the whole conformance suite on $name',
      async ({ name: backend }, { task }) => {
        await visit(`#1?view=backends&on=${backend}`);
        // The backend answers before it is asked, and the panel is there.
        await poll(text).toContain('Live tensors');
        await poll(() => {
          const select = [...document.querySelectorAll('select')].find(({ labels }) =>
            [...labels].some((label) => label.textContent!.includes('Group')),
          );
          if (select === undefined) return false;
          select.value = '';
          select.dispatchEvent(new Event('change', { bubbles: true }));
          return true;
        }).toBe(true);
        await tab.click({ kind: 'button', name: `Run on ${backend}` });
        await poll(text).toContain(`${backend}: ${listCases().length} passed, 0 failed.`);
        await seesNoProblem();
        tellRan(task, { where: name, backend, cases: listCases().length });
      },
    );

    test.each([
      ['isolated', true],
      ['not isolated', false],
    ])(
      'runs a backend from somebody else in a sandbox without a way out, in a page that is %s',
      async (_, isolated) => {
        const asked: string[] = [];
        const elsewhere = createServer(({ url }, response) => {
          asked.push(url!);
          response.writeHead(200, { 'Access-Control-Allow-Origin': '*' }).end('');
        });
        await new Promise<void>((resolve) => {
          elsewhere.listen(0, '127.0.0.1', resolve);
        });
        const { port } = elsewhere.address() as AddressInfo;
        const own = await serveFolder(DIST, '/some/where/', isolated);
        await tab.open(`${own.url}#1?view=backends`);
        await poll(text).toContain('A backend from somebody else');
        await poll(() => caches.has('heed-playground')).toBe(true); // one of the ways out leads there
        await tab.run(
          (module) => {
            const input = document.querySelector<HTMLInputElement>('#foreign-file')!;
            const files = new DataTransfer();
            files.items.add(new File([module], 'module.js'));
            input.files = files.files;
            input.dispatchEvent(new Event('change', { bubbles: true }));
          },
          curious(own.url, `http://127.0.0.1:${port}`),
        );
        await tab.click({ kind: 'button', name: 'Run this code' });
        if (isolated && !HAS_SANDBOX[name]) await poll(text).toContain('This browser starts no code in the sandbox.');
        else {
          await poll(text).toContain('Backend “brought” (foreign code)');
          expect(await tab.run(text)).toMatch(/tried \d+, open: none; origin null/);
          await tab.click({ kind: 'button', name: 'Run on “brought”' });
          await poll(text).toContain(`“brought”: ${HEADS} passed, 0 failed.`);
        }
        expect(asked).toEqual([]);
        await own.close();
        elsewhere.closeAllConnections();
        elsewhere.close();
      },
    );

    test('compares the backends, which agree', async () => {
      await visit('#1?view=backends&cl=24&cg=1');
      await tab.click({ kind: 'button', name: 'Compare' });
      await poll(() =>
        [...document.querySelectorAll<HTMLElement>('#compare-times tbody tr')].map((row) =>
          row.innerText.trim().replaceAll(/\s+/g, ' '),
        ),
      ).toEqual([
        expect.stringMatching(/^wasm [\d.]+ ms fused agrees:/),
        expect.stringMatching(/^cpu [\d.]+ ms fused agrees:/),
        expect.stringMatching(
          HAS_WEBGL[name] ? /^webgl [\d.]+ ms fused agrees:/ : /^webgl can’t run here: .*no WebGL 2/,
        ),
        expect.stringMatching(/^webgpu can’t run here: .*(no WebGPU|no adapter)/), // none of them has a graphics card here
      ]);
      await seesNoProblem();
    });
  });
