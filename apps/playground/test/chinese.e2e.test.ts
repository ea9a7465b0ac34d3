import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { models } from '@heed/models';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BACKENDS, FORMULA_MECHANISMS, OPS } from '../src/engine/jobs.js';
import { drawn, executablePath, keysOf, launch, ready, visit, type VisitOptions } from './browser.js';
import { TASKS as TASK_NAMES } from '../src/text/zh-tasks.js';
import { OWN_FILES, trainOwnRuns } from './own-runs.js';
import { typedModels } from './typed-models.js';
import { untranslated } from './untranslated.js';

const TASKS = Object.keys(typedModels);

/** An input that each task refuses. */
const REFUSED: Readonly<Record<string, string>> = {
  g2p: 'caf€',
  dates: '4/3/2024',
  translate: 'it: Open File',
  sentiment: '!!!',
  spam: '…',
  qa: 'Where is Mary?',
  generate: 'Fellow €',
  names: 'mary ann',
  labels: '…',
};

/** An input that a model of somebody's own files answers, since no task knows an example of these. */
const ANSWERED: Readonly<Record<string, string>> = { pairs: 'abc', labels: 'a bad day', text: 'the ' };

describe.runIf(executablePath !== undefined)('the page in Chinese has no English left', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  /** Opens the page as a Chinese browser does, and gives what `use` finds in it. */
  async function inChinese(hash: string, use: (page: Page) => Promise<string[]>, options: VisitOptions = {}) {
    const { page, close } = await visit(browser, { ...options, hash, context: { locale: 'zh-CN' } });
    await ready(page);
    const found = await use(page);
    await close();
    expect(found).toEqual([]);
  }

  const answered = (page: Page) =>
    page.locator('section[aria-label=回答][aria-busy=false] p[aria-label=输出]').waitFor();
  const refused = (page: Page) => page.getByRole('alert').first().waitFor();

  test('the first view, with what is kept and with what the model reads', async () => {
    await inChinese('#1?view=read', async (page) => {
      const found = await everything(page);
      await page.getByRole('button', { name: '让它在这里读' }).click();
      await page.getByText('刚刚在你的浏览器里').waitFor();
      return [...found, ...(await everything(page))];
    });
  });

  test('attention, by every mechanism, with all that can be set', async () => {
    const all = '#1?cap=2&drop=0.1&c=1&w=1.1&len=3&pos=1&t=0.5&vs=multiHead';
    await inChinese(all, async (page) => {
      const found = await everything(page);
      // A number out of range is told, and changed to one that is in it.
      await page.getByLabel('失活率 p').fill('7');
      found.push(...(await untranslated(page)));
      await page.getByLabel('失活率 p').fill('0.1');
      const [scores] = await page.locator('figure', { has: page.locator('strong:text-is("得分 e")') }).all();
      await keysOf(scores!).press('ArrowRight');
      found.push(...(await everything(page)));
      // What is a mechanism's own are names: of itself, its formula's parts, its parameters and its maps. Tables have the names of maps.
      for (const mechanism of FORMULA_MECHANISMS) {
        await page.getByLabel('机制').selectOption(mechanism);
        await page.locator('[aria-busy=false] figure').first().waitFor();
        await openFolds(page);
        await drawn(page);
        found.push(...(await untranslated(page)));
      }
      return found;
    });
  });

  test('a number of a parameter that is looked at', async () => {
    await inChinese('#1?m=additive&e=vector!0!1', async (page) => {
      await page.locator('figure').nth(5).waitFor();
      await drawn(page);
      const vector = page.locator('details figure').first();
      await keysOf(vector).press('ArrowRight');
      await keysOf(vector).press('Enter');
      return everything(page);
    });
  });

  test('fields that are empty, and a number of a parameter that there is not', async () => {
    await inChinese('#1?q=&k=', untranslated);
    await inChinese('#1?vs=cpu', async (page) => {
      await page.getByText('由另一个后端再算一遍').waitFor();
      return untranslated(page);
    });
    await inChinese('#1?m=dot&e=vector!0!1', async (page) => {
      await refused(page);
      return untranslated(page);
    });
  });

  test.each(['loaded', 'seed'])('the decoder, phase by phase, of the model %s', async (model) => {
    await inChinese(`#1?is=decoder&dm=${model}&dw=cat`, async (page) => {
      const found: string[] = [];
      for (let phase = 0; phase < 4; phase++) {
        await page.getByRole('button', { name: '前进' }).click();
        found.push(...(await everything(page)));
      }
      await page.getByRole('button', { name: '结尾' }).click();
      return [...found, ...(await everything(page))];
    });
  });

  test('a transformer, step by step, and what it refuses', async () => {
    await inChinese('#1?is=transformer', async (page) => {
      const found: string[] = [];
      for (let step = 0; step < 3; step++) {
        await page.locator('#view-formula figure').first().waitFor();
        found.push(...(await untranslated(page)));
        await page.getByRole('button', { name: '前进' }).click();
      }
      await page.getByRole('button', { name: '结尾' }).click();
      found.push(...(await everything(page)));
      await page.getByLabel('名字的开头').fill('caf€');
      await refused(page);
      return [...found, ...(await untranslated(page))];
    });
  });

  test('the model, greedy and with beams, and what it refuses', async () => {
    await inChinese('#1?view=model', async (page) => {
      const said = page.locator('p[aria-label=输出]');
      await expect.poll(() => said.textContent()).toContain('N');
      await page.locator('section[aria-label=关于这个模型] table').waitFor();
      const found = await everything(page);
      await page.getByRole('button', { name: '束搜索' }).click();
      await page.locator('section[aria-label=束搜索的其他结果]').waitFor();
      found.push(...(await everything(page)));
      await page.getByLabel('单词', { exact: true }).fill('caf€');
      await refused(page);
      found.push(...(await everything(page)));
      const files = page.locator('input[type=file]');
      for (const name of ['model.safetensors', 'run.zip', 'picture.png']) {
        await files.setInputFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from('PK no model') });
        await page.getByRole('alert').filter({ hasText: '这个文件不是所需的文件' }).waitFor();
        found.push(...(await everything(page)));
      }
      return found;
    });
  });

  test('runs of every kind: what they are, what they answer, and what they refuse', async () => {
    const place = await mkdtemp(join(tmpdir(), 'heed-playground-'));
    const own = Object.entries(await trainOwnRuns(place));
    const shipped = ['spam', 'qa'].map((name) => [name, fileURLToPath(new URL('.', models[name].model))] as const);
    await inChinese('#1?view=model', async (page) => {
      const found: string[] = [];
      const files = page.locator('#view-model input[type=file]');
      const input = page.getByLabel('输入', { exact: true });
      for (const [name, folder] of [...own, ...shipped]) {
        const names = (await readdir(folder)).filter((file) => /^(?:model|run|card)\./.test(file));
        await files.setInputFiles(names.map((file) => join(folder, file)));
        await page.getByText(new RegExp(`任务“${TASK_NAMES[name].name}”，第 `)).waitFor();
        if (ANSWERED[name] !== undefined) await input.fill(ANSWERED[name]);
        await answered(page);
        found.push(...(await everything(page)));
        if (REFUSED[name] === undefined) continue;
        await input.fill(REFUSED[name]);
        await refused(page);
        found.push(...(await everything(page)));
      }
      const [, folder] = own[0];
      const info = JSON.parse(await readFile(join(folder, 'run.json'), 'utf8')) as object;
      const buffer = Buffer.from(JSON.stringify({ ...info, task: 'weather' }));
      const model = {
        name: 'model.safetensors',
        mimeType: '',
        buffer: await readFile(join(folder, 'model.safetensors')),
      };
      await files.setInputFiles([model, { name: 'run.json', mimeType: '', buffer }]);
      await page.getByText('本页没有的任务').waitFor();
      found.push(...(await everything(page)));
      await files.setInputFiles(fileURLToPath(models['spam'].model));
      await page.getByText('这个文件没有说明').waitFor();
      return [...found, ...(await everything(page))];
    });
    await rm(place, { recursive: true });
  });

  test.each(TASKS)('task %s: its card, its answer, and an input that it refuses', async (task) => {
    expect(REFUSED[task], `an input that ${task} refuses`).toBeDefined();
    await inChinese(`#1?view=tasks&task=${task}`, async (page) => {
      await answered(page);
      await page.locator('section[aria-label=关于这个模型]').waitFor();
      const found = await everything(page);
      await page.locator('main textarea').fill(REFUSED[task]);
      await refused(page);
      return [...found, ...(await everything(page))];
    });
  });

  test('dates and phrases to translate are Chinese, and are answered', async () => {
    await inChinese('#1?view=tasks&task=dates', async (page) => {
      await answered(page);
      expect(await page.locator('main textarea').inputValue()).toBe('2024年4月3日星期三');
      expect(await page.locator('p[aria-label=输出]').textContent()).toBe('2024-04-03');
      await page.getByRole('button', { name: '界面翻译' }).click();
      await expect.poll(() => page.locator('p[aria-label=输出]').textContent()).toMatch(/\p{Script=Han}/u);
      return [];
    });
  });

  test('a file that does not come', async () => {
    const prepare = (page: Page) =>
      page.route(/\/assets\/card-[^/]*\.json$/, (route) => route.fulfill({ status: 503 }));
    await inChinese(
      '#1?view=tasks',
      async (page) => {
        await refused(page);
        return untranslated(page);
      },
      { prepare },
    );
  });

  test('training: its settings, some steps, a pause, the end', async () => {
    await inChinese('#1?view=train&tn=30&tu=32&tb=4', async (page) => {
      const found = await everything(page);
      await page.getByRole('button', { name: '开始训练' }).click();
      await page.getByText(/^\d+ 步之后/).waitFor();
      found.push(...(await everything(page)));
      await page.getByRole('button', { name: '重新训练' }).waitFor({ timeout: 90_000 });
      return [...found, ...(await everything(page))];
    });
  });

  test.each(Object.entries(OWN_FILES))(
    'training on a file of %s: what was found, the end',
    async (task, { name, text }) => {
      await inChinese('#1?view=train', async (page) => {
        const files = page.locator('#view-train input[type=file]');
        const buffer = Buffer.from(text);
        await files.setInputFiles({ name: 'empty.tsv', mimeType: '', buffer: Buffer.from('') });
        await refused(page);
        const found = await everything(page);
        await files.setInputFiles({ name, mimeType: '', buffer });
        await page.getByRole('button', { name: TASK_NAMES[task].name, pressed: true }).waitFor();
        await page.getByText(/^全部步骤在这里/).waitFor();
        found.push(...(await everything(page)));
        await page.getByLabel('步数').fill('2');
        await page.getByRole('button', { name: '开始训练' }).click();
        await page.getByRole('button', { name: '重新训练' }).waitFor({ timeout: 90_000 });
        return [...found, ...(await everything(page))];
      });
    },
  );

  test('backends: what they can do, what they differ in, and the suite', async () => {
    await inChinese('#1?view=backends&cl=12&cg=1', async (page) => {
      const found: string[] = [];
      for (const name of BACKENDS.toReversed()) {
        await page.getByLabel(name, { exact: true }).check();
        await page.locator('section[aria-labelledby=status-title] table').waitFor();
        found.push(...(await everything(page)));
      }
      await page.getByRole('button', { name: '比较' }).click();
      await page.getByRole('button', { name: '停止' }).waitFor({ state: 'detached', timeout: 90_000 });
      await page.locator('#compare-differences').waitFor();
      found.push(...(await everything(page)));
      await page.getByRole('button', { name: '在 wasm 上运行' }).click();
      await page.getByText(/个通过/).waitFor({ timeout: 90_000 });
      return [...found, ...(await everything(page))];
    });
  });

  test('a page that is not isolated, and a backend that can not run', async () => {
    await inChinese('#1?view=backends', everything, { isolated: false });
    const { page, close } = await visit(browser, { hash: '#1?view=backends&on=webgl', context: { locale: 'zh-CN' } });
    await refused(page);
    for (const op of OPS) {
      await page.locator('main select').first().selectOption(op);
      await page.getByRole('button', { name: '比较' }).click();
      await page.getByRole('button', { name: '停止' }).waitFor({ state: 'detached', timeout: 90_000 });
      await page.locator('#compare-differences').waitFor({ timeout: 90_000 });
      expect(await everything(page)).toEqual([]);
    }
    await close();
  });

  test.each(['#9', '#1?m=magic', '#nonsense'])('a link that is wrong: %s', async (hash) => {
    await inChinese(hash, async (page) => {
      await refused(page);
      await page.getByRole('button', { name: '分享' }).click();
      return untranslated(page);
    });
  });
});

const openFolds = (page: Page): Promise<void> =>
  page
    .locator('details:not(.original):visible')
    .evaluateAll((all) => all.forEach((one) => ((one as HTMLDetailsElement).open = true)));

/** What is found with all that folds open, as maps and as tables. */
async function everything(page: Page): Promise<string[]> {
  await openFolds(page);
  await drawn(page);
  const asMaps = await untranslated(page);
  const toggle = async (pressed: boolean): Promise<void> =>
    page
      .locator(`figure:visible figcaption [aria-pressed=${pressed}]`)
      .evaluateAll((all) => all.forEach((one) => (one as HTMLButtonElement).click()));
  await toggle(false);
  const asTables = await untranslated(page);
  await toggle(true);
  return [...asMaps, ...asTables];
}
