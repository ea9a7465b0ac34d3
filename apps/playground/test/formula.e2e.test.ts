import { MECHANISM_FACTS } from '@heed/attention/facts';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BACKENDS } from '../src/engine/jobs.js';
import { executablePath, keysOf, launch, ready, tableOf, visit, type Visit } from './browser.js';

const WEIGHTS = 'Weights α';

describe.runIf(executablePath !== undefined)('formula view', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  async function open(hash = '#1', within = browser): Promise<Visit> {
    const opened = await visit(within, { hash });
    await ready(opened.page);
    return opened;
  }

  /** A map's numbers once they are as `holds` says; the page computes a moment after its controls change. */
  async function valuesWhen(page: Page, name: string, holds: (values: number[][]) => boolean): Promise<number[][]> {
    for (let tries = 0; ; tries++) {
      const { values } = await tableOf(page, name);
      if (holds(values) || tries === 200) return values;
      await page.waitForTimeout(100);
    }
  }
  const weightsWhen = (page: Page, holds: (values: number[][]) => boolean): Promise<number[][]> =>
    valuesWhen(page, WEIGHTS, holds);

  test.each(BACKENDS)('shows scores, weights and context, computed on %s', async (backend) => {
    const own = await launch({ graphics: backend.startsWith('webg'), webgpu: backend === 'webgpu' });
    const { page, problems, close } = await open('#1', own);
    await page.getByLabel(backend, { exact: true }).check();
    await page.getByText(new RegExp(`on ${backend}\\.|of the ${backend} backend`)).waitFor();
    const { rows, columns, values } = await tableOf(page, WEIGHTS);
    expect(rows).toEqual(['the', 'cat', 'sat', 'down']);
    expect(columns).toEqual(rows);
    for (const [i, row] of values.entries()) {
      expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 2);
      // A word has the same vector in both sequences, so it matches itself best.
      expect(Math.max(...row)).toBe(row[i]);
    }
    const { values: scores } = await tableOf(page, 'Scores e');
    const exps = scores[1].map(Math.exp);
    const total = exps.reduce((sum, exp) => sum + exp, 0);
    exps.forEach((exp, j) => expect(exp / total).toBeCloseTo(values[1][j], 2));
    expect((await tableOf(page, 'Context c')).values).toHaveLength(4);
    expect(problems).toEqual([]);
    await close();
    await own.close();
  });

  test('another mechanism or backend stands beside it, with the difference, and each row says how sharp it is', async () => {
    const { page, problems, close } = await open('#1?c=1&vs=dot');
    const beside = page.getByRole('region', { name: 'Side by side' });
    const { values: first } = await tableOf(page, 'Weights α, Scaled dot product');
    const { values: second } = await tableOf(page, 'Weights α, Dot product (Luong)');
    const { values: difference } = await tableOf(page, 'Dot product (Luong) minus Scaled dot product');
    expect(difference[0]).toEqual([0, NaN, NaN, NaN]);
    expect(first).toEqual((await tableOf(page, WEIGHTS)).values);
    let most = 0;
    for (const [i, row] of difference.entries())
      for (const [j, x] of row.slice(0, i + 1).entries()) {
        expect(x).toBeCloseTo(second[i]![j]! - first[i]![j]!, 2);
        most = Math.max(most, Math.abs(x));
      }
    expect(most).toBeGreaterThan(0.05);
    expect(await beside.getByText(/^The weights differ by at most/).innerText()).toContain(
      `at most ${most}`.slice(0, 12),
    );

    // Unscaled scores make sharper rows; the first row, which sees one place, is as sharp as can be in both.
    const widths = async (name: string): Promise<number[]> => {
      const box = page.locator('details', { has: page.getByText(`Rows of ${name}`, { exact: true }) });
      if ((await box.getAttribute('open')) === null) await box.locator('summary').click();
      return box
        .locator('tbody tr td:last-child')
        .evaluateAll((all) => all.map((at) => Number.parseFloat(at.textContent)));
    };
    const [scaled, plain] = [await widths(WEIGHTS), await widths('Weights α, Dot product (Luong)')];
    expect([scaled[0], plain[0]]).toEqual([1, 1]);
    expect(plain[3]).toBeLessThan(scaled[3]!);

    await page.getByLabel('Side by side with').selectOption('cpu');
    await beside.getByText('computed once more by the other backend').waitFor();
    await expect.poll(() => page.url()).toContain('vs=cpu');
    const { values } = await tableOf(page, 'cpu minus wasm');
    expect(Math.max(...values.flat().filter((x) => !Number.isNaN(x)))).toBeLessThan(1e-5);
    await page.getByText(/^The weights (?:differ by at most \S+e-\d+|are the same)/).waitFor();
    expect(problems).toEqual([]);
    await close();
  });

  test('shows what each query is told by the ones above it', async () => {
    const { page, problems, close } = await open('#1?m=coverage');
    const { values: weights } = await tableOf(page, WEIGHTS);
    const { values: covered } = await tableOf(page, 'Coverage κ');
    expect(covered[0]).toEqual([0, 0, 0, 0]);
    for (const [i, row] of covered.slice(1).entries()) {
      row.forEach((sum, j) => expect(sum).toBeCloseTo(covered[i][j] + weights[i][j], 2));
    }
    expect(problems).toEqual([]);
    await close();
  });

  test('takes what is typed, every mechanism whose weights are a softmax, masks, temperature, cap and dropout', async () => {
    const { page, problems, close } = await open();
    await page.getByLabel('Query sequence').fill('cat');
    await page.getByLabel('Memory sequence').fill('a dog a cat');
    let values = await weightsWhen(page, (rows) => rows.length === 3 && rows[0].length === 4);
    expect(values).toHaveLength(3); // a word alone is its letters
    const others = MECHANISM_FACTS.filter(
      ({ kind, weighs }) => !weighs && kind !== 'scaledDotProduct' && kind !== 'multiHead',
    );
    for (const name of [...others.map(({ title }) => title), 'Multi-head']) {
      const before = JSON.stringify(values);
      await page.getByLabel('Mechanism').selectOption({ label: name });
      values = await weightsWhen(page, (rows) => JSON.stringify(rows) !== before);
      expect(JSON.stringify(values), name).not.toBe(before);
      for (const row of values) expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 2);
    }
    await page.getByRole('button', { name: 'Head 2' }).click();
    const second = await tableOf(page, WEIGHTS);
    expect(second.values).not.toEqual(values);

    await page.getByRole('button', { name: 'A sentence and itself' }).click();
    await page.getByText('Temperature, soft cap, dropout, masks').click();
    const plain = await weightsWhen(page, (rows) => rows.length === 4);
    await page.getByLabel(/causal/).check();
    const causal = await weightsWhen(page, (rows) => Number.isNaN(rows[0][1]));
    causal.forEach((row, i) => row.forEach((weight, j) => expect(Number.isNaN(weight), `${i},${j}`).toBe(j > i)));
    await page.getByLabel(/causal/).uncheck();
    await page.getByLabel('window').check();
    const near = await weightsWhen(page, (rows) => Number.isNaN(rows[0][2]) && rows[0][1] > 0);
    near.forEach((row, i) => row.forEach((weight, j) => expect(Number.isNaN(weight)).toBe(Math.abs(i - j) > 1)));
    await page.getByLabel('window').uncheck();
    await page.getByLabel('shorter memory').check();
    const short = await weightsWhen(page, (rows) => rows.every((row) => Number.isNaN(row[3])));
    expect(short.map((row) => row[3])).toEqual([NaN, NaN, NaN, NaN]);
    await page.getByLabel('shorter memory').uncheck();
    await page.getByLabel(/Temperature/).fill('1');
    const warm = await weightsWhen(page, (rows) => rows[0][0] < 0.5);
    expect(Math.max(...warm.flat())).toBeLessThan(Math.max(...plain.flat()));
    await page.getByLabel(/Temperature/).fill('0');
    const isPlain = (rows: number[][]): boolean => JSON.stringify(rows) === JSON.stringify(plain);
    expect(isPlain(await weightsWhen(page, isPlain))).toBe(true);
    await page.getByLabel('soft cap').check();
    await page.getByLabel('Cap γ').fill('0.5');
    const isCapped = (scores: number[][]): boolean => scores.flat().every((score) => Math.abs(score) <= 0.5);
    expect(isCapped(await valuesWhen(page, 'Scores ẽ', isCapped))).toBe(true);
    const { values: context } = await tableOf(page, 'Context c');
    await page.getByLabel('Dropout rate').fill('0.5');
    const differs = (values: number[][]): boolean => JSON.stringify(values) !== JSON.stringify(context);
    expect(differs(await valuesWhen(page, 'Context c', differs))).toBe(true);
    expect((await tableOf(page, WEIGHTS)).values.flat().every((weight) => weight > 0)).toBe(true); // before dropout

    await page.getByLabel('Query sequence').fill('');
    await page.getByText('Type something into both fields').waitFor();
    expect(problems).toEqual([]);
    await close();
  });

  test('with a temperature and a cap, the formula and both maps of scores say what the weights are made of', async () => {
    const { page, problems, close } = await open('#1?t=0.5&cap=2');
    const { values: weights } = await tableOf(page, WEIGHTS);
    const { values: scores } = await tableOf(page, 'Scores e');
    const { values: changed } = await tableOf(page, 'Scores ẽ');
    changed.flat().forEach((value, n) => expect(value).toBeCloseTo(2 * Math.tanh(scores.flat()[n] / 0.5 / 2), 1));
    changed.forEach((row, i) => expectShares(weights[i], row));
    expect((await formulasOf(page))[1]).toBe('ẽij=γtanh(eijτγ)');
    await page.goto(page.url().replace(/#.*/, '#1'));
    await expect.poll(() => page.getByText('Scores ẽ').count()).toBe(0);
    expect(problems).toEqual([]);
    await close();
  });

  test('of several heads the formula divides by the root of a head’s width, as the scores are', async () => {
    const { page, problems, close } = await open('#1?m=multiHead&h=4&d=16&q=cat+dog&k=the+cat');
    expect((await formulasOf(page))[0]).toBe('eijn=(Wqnsi+bqn)⊤(Wknhj+bkn)D/H');
    const { values: query } = await tableOf(page, 'Query vectors s');
    const { values: memory } = await tableOf(page, 'Memory vectors h');
    await page.getByText('Parameters: look and change').click();
    const q = times(query, (await tableOf(page, 'query_kernel')).values);
    const k = times(memory, (await tableOf(page, 'key_kernel')).values);
    for (const head of [0, 3]) {
      await page.getByRole('button', { name: `Head ${head + 1}` }).click();
      const of = (vector: readonly number[]): readonly number[] => vector.slice(4 * head, 4 * head + 4);
      const expected = q.map((one) => k.map((other) => dot(of(one), of(other)) / Math.sqrt(16 / 4)));
      const near = (values: number[][]): boolean =>
        values.flat().every((value, n) => Math.abs(value - expected.flat()[n]) < 0.02);
      expect(near(await valuesWhen(page, 'Scores e', near))).toBe(true);
    }
    expect(problems).toEqual([]);
    await close();
  });

  test('a mask is in the formula, and rows that may look at nothing are not said to sum to 1', async () => {
    const { page, problems, close } = await open('#1?c=1&q=a+b+c+d&k=a+b');
    const note = page.locator('figure', { has: page.locator(`strong:text-is("${WEIGHTS}")`) }).locator('.note');
    await expect.poll(() => note.textContent()).toBe('rows sum to 1, but for 2 that may look at nothing: they are 0');
    const { values } = await tableOf(page, WEIGHTS);
    const sums = values.map((row) => row.reduce((sum, weight) => sum + (Number.isNaN(weight) ? 0 : weight), 0));
    expect(sums.map(Math.round)).toEqual([0, 0, 1, 1]);
    expect((await formulasOf(page))[1]).toBe('αij={exp(eij)∑k∈mask(i)exp(eik)j∈mask(i)0otherwise');
    await page.getByText(/mask\(i\) has the positions that query i may look at/).waitFor();
    await page
      .locator('figure', { has: page.locator(`strong:text-is("${WEIGHTS}")`) })
      .getByRole('button', { name: 'Table' })
      .click();
    await keysOf(page.locator('figure', { has: page.locator(`strong:text-is("${WEIGHTS}")`) })).focus();
    await page.keyboard.press('ArrowRight');
    await page.getByText('The query “a” may not look at “a”: it is masked').waitFor();
    await page.getByText('Temperature, soft cap, dropout, masks').click();
    await page.getByLabel(/causal/).uncheck();
    await expect.poll(() => note.textContent()).toBe('rows sum to 1');
    expect((await formulasOf(page))[1]).toBe('αij=exp(eij)∑kexp(eik)');
    expect(problems).toEqual([]);
    await close();
  });

  test('dropout shows the weights that the context is made of', async () => {
    const { page, problems, close } = await open('#1?drop=0.5&ds=3');
    const kept = 'Weights after dropout, dα';
    const { values: weights } = await tableOf(page, WEIGHTS);
    const { values: dropped } = await tableOf(page, kept);
    dropped.flat().forEach((value, n) => {
      if (value !== 0) expect(value).toBeCloseTo(2 * weights.flat()[n], 1);
    });
    expect(dropped.flat().filter((value) => value === 0).length).toBeGreaterThan(0);
    const { values: memory } = await tableOf(page, 'Memory vectors h');
    const { values: context } = await tableOf(page, 'Context c');
    times(dropped, memory).forEach((row, i) => row.forEach((sum, j) => expect(context[i][j]).toBeCloseTo(sum, 1)));
    expect(await formulasOf(page)).toContain('dij={0P=p11−potherwise');
    expect(problems).toEqual([]);
    await close();
  });

  test('“Find the cats” finds the cat, the kittens and nothing else', async () => {
    const { page, problems, close } = await open();
    await page.getByRole('button', { name: 'Find the cats' }).click();
    const isFound = (rows: number[][]): boolean => rows.length === 1;
    const [row] = await valuesWhen(page, WEIGHTS, isFound);
    const { rows, columns } = await tableOf(page, WEIGHTS);
    expect(rows).toEqual(['cat']);
    const order = columns.map((word, n) => [row![n], word] as const).toSorted(([a], [b]) => b - a);
    expect(order.slice(0, 2).map(([, word]) => word)).toEqual(['cat', 'kittens']);
    expect(order[0][0] + order[1][0]).toBeGreaterThan(0.9);
    expect(problems).toEqual([]);
    await close();
  });

  test('“Two heads” has two, whatever was chosen before', async () => {
    const { page, problems, close } = await open('#1?m=multiHead&h=4&d=16&s=7&v=random');
    await page.getByRole('button', { name: 'Head 4' }).waitFor();
    await page.getByRole('button', { name: 'Two heads' }).click();
    await expect.poll(() => page.getByRole('button', { name: /^Head \d/ }).count()).toBe(2);
    await expect.poll(() => page.evaluate(() => location.hash)).not.toMatch(/[?&](?:h|d|s|v)=/);
    expect(problems).toEqual([]);
    await close();
  });

  test('words have vectors of their own; random ones are a choice, and what no table has is named', async () => {
    const { page, problems, close } = await open('#1?q=cat+cats&k=kitten+dog+the+sell&d=16');
    const scores = async (): Promise<number[][]> => (await tableOf(page, 'Scores e')).values;
    for (const row of await scores()) expect(Math.min(row[0], row[1])).toBeGreaterThan(Math.max(row[2], row[3]) + 1);
    expect(await page.getByLabel('Seed of the vectors').count()).toBe(0); // nothing is random
    await page.getByLabel('Memory sequence').fill('kitten qwertz');
    await page.getByText('Not in the table, so with random vectors: “qwertz”.').waitFor();
    await page.getByLabel('Seed of the vectors').waitFor();
    const before = JSON.stringify(await scores());
    await page.getByRole('combobox', { name: 'Vectors' }).selectOption('random');
    expect(JSON.stringify(await valuesWhen(page, 'Scores e', (rows) => JSON.stringify(rows) !== before))).not.toBe(
      before,
    );
    await page.getByText('Random vectors, from the seed and the word alone').waitFor();
    // A single word is its letters until somebody says otherwise.
    await page.getByLabel('Query sequence').fill('cat');
    await valuesWhen(page, 'Scores e', (rows) => rows.length === 3);
    expect((await tableOf(page, 'Scores e')).rows).toEqual(['c', 'a', 't']);
    await page.getByRole('combobox', { name: 'Cut into (query)' }).selectOption('words');
    await valuesWhen(page, 'Scores e', (rows) => rows.length === 1);
    expect((await tableOf(page, 'Scores e')).rows).toEqual(['cat']);
    expect(problems).toEqual([]);
    await close();
  });

  test('a link with changes of a parameter that isn’t there says so, and they can be undone', async () => {
    const { page, problems, close } = await open('#1?m=additive&e=vector!999!1');
    await page.getByRole('alert').filter({ hasText: 'there is no number 999' }).waitFor();
    expect(await page.locator('figure').count()).toBe(0);
    await page.getByRole('button', { name: 'Undo 1 change' }).click();
    await page.locator('figure').first().waitFor();
    expect(problems).toEqual([]);
    await close();
  });

  test('symbols highlight their maps, cells their sources, by pointer and by keys', async () => {
    const { page, problems, close } = await open('#1?m=additive');
    const figure = (name: string) => page.locator('figure', { has: page.locator(`strong:text-is("${name}")`) });
    await figure(WEIGHTS).waitFor();
    await page.locator('math [data-part="c"]').first().hover();
    await expect.poll(() => figure('Context c').getAttribute('class')).toContain('lit');
    await page.getByRole('button', { name: 'α weights' }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => figure(WEIGHTS).getAttribute('class')).toContain('lit');
    await page.locator('math [data-part="e"]').first().hover(); // takes nothing from what was chosen
    await expect.poll(() => figure('Scores e').getAttribute('class')).toContain('lit');
    expect(await figure(WEIGHTS).getAttribute('class')).toContain('lit');

    await keysOf(figure(WEIGHTS)).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    const said = figure(WEIGHTS).locator('attention-heatmap [role=status]');
    await expect.poll(() => said.textContent()).toMatch(/^memory cat to query cat, 0\.\d+$/);
    await page.getByText(/The query “cat” matches “cat” with score/).waitFor();
    await figure('Query vectors s').locator('attention-heatmap #row').waitFor();
    await page.keyboard.press('Control+End');
    await expect.poll(() => said.textContent()).toMatch(/^memory down to query down/);
    expect(problems).toEqual([]);
    await close();
  });

  test('parameters can be changed, are in the link, and can be put back', async () => {
    const { page, problems, close } = await open('#1?m=additive');
    const before = await weightsWhen(page, (rows) => rows.length === 4);
    await page.getByText('Parameters: look and change').click();
    const vector = page.locator('figure', { has: page.locator('strong:text-is("vector")') });
    await keysOf(vector).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await page.getByLabel('vector, number 1').fill('9');
    const changed = await weightsWhen(page, (rows) => JSON.stringify(rows) !== JSON.stringify(before));
    expect(changed).not.toEqual(before);
    await expect.poll(() => page.evaluate(() => decodeURIComponent(location.hash))).toContain('e=vector!0!9');
    await page.getByRole('button', { name: 'Undo 1 change' }).click();
    expect(await weightsWhen(page, (rows) => JSON.stringify(rows) === JSON.stringify(before))).toEqual(before);
    expect(problems).toEqual([]);
    await close();
  });

  test('Bahdanau’s decoder goes through e, α, c and y, one output at a time', async () => {
    const { page, problems, close } = await open('#1?is=decoder');
    const where = page.getByText(/^Output \d+ of \d+, /);
    await where.waitFor();
    await expect.poll(() => where.textContent()).toBe('Output 1 of 8, e');
    const { values: scores } = await tableOf(page, 'Scores e');
    const next = page.getByRole('button', { name: 'Next' });
    await next.click();
    const { values: weights } = await tableOf(page, WEIGHTS);
    const total = scores[0].reduce((sum, score) => sum + Math.exp(score), 0);
    scores[0].forEach((score, j) => expect(Math.exp(score) / total).toBeCloseTo(weights[0][j], 2));
    await next.click();
    await page.getByText('256 numbers').waitFor();
    await next.click();
    const output = async (): Promise<string> =>
      (await page.getByLabel('Output so far').textContent())!.replaceAll(/\s+/g, ' ').trim();
    await expect.poll(output).toContain('AH');
    for (let n = 0; n < 4; n++) await next.click();
    await expect.poll(output).toBe('AH T');
    await page.getByRole('button', { name: 'Last' }).click();
    await expect.poll(output).toBe('AH T EH N SH AH N (end)');
    // A model that has learnt nothing, with parameters of its own.
    await page.getByRole('combobox', { name: 'Model' }).selectOption('seed');
    await page.getByText('Parameters: look and change').click();
    await page.locator('figure', { has: page.locator('strong:text-is("query_kernel")') }).waitFor();
    expect(problems).toEqual([]);
    await close();
  });

  test('a transformer goes through its blocks, from vectors to what comes next', async () => {
    const { page, problems, close } = await open('#1?is=transformer');
    const step = (n: number) => page.getByText(`Step ${n} of 11`).waitFor();
    const next = page.getByRole('button', { name: 'Next →' });
    await step(1);
    const x = async (): Promise<number[][]> => (await tableOf(page, 'x after this step')).values;
    const embedded = await x();
    expect([embedded.length, embedded[0]!.length]).toEqual([4, 64]);
    await next.click();
    await step(2);
    const { rows, columns, values } = await tableOf(page, 'Head 4');
    expect([rows, columns]).toEqual([[...'⊢kat'], [...'⊢kat']]);
    expect(values[1]!.slice(2)).toEqual([NaN, NaN]);
    expect(values[3]!.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 2);
    await next.click();
    await step(3);
    const { values: added } = await tableOf(page, 'What was added');
    (await x()).forEach((row, i) =>
      row.forEach((one, j) => expect(one).toBeCloseTo(embedded[i]![j]! + added[i]![j]!, 1)),
    );
    await page.getByRole('button', { name: 'Last' }).click();
    await step(11);
    const said = page.getByRole('region', { name: 'What it writes next' });
    // Of “jess” the model makes Jessica, Jessie or Jessa.
    await page.getByLabel('Beginning of a name').fill('jess');
    await expect.poll(async () => /^[eia]$/.test((await said.locator('th').first().textContent()) ?? '')).toBe(true);
    await expect.poll(() => page.url()).toContain('bt=jess&bi=10');
    await page.getByLabel('Beginning of a name').fill('caf€');
    await page.getByRole('alert').waitFor();
    expect(await said.count()).toBe(0);
    expect(problems).toEqual([]);
    await close();
  });

  test('a word that can’t be read has no numbers, least of all those of the word before', async () => {
    const { page, problems, close } = await open('#1?is=decoder&dw=cat');
    const last = page.getByRole('button', { name: 'Last' });
    await last.click();
    await page.getByText('Alignment so far').waitFor();
    await page.getByLabel('Word to read').fill('c4t');
    await page.getByRole('alert').filter({ hasText: 'source symbol "4"' }).waitFor();
    expect(await page.locator('figure').count()).toBe(0);
    expect(await page.getByLabel('Output so far').count()).toBe(0);
    await page.getByLabel('Word to read').fill('cut');
    await last.click();
    expect((await tableOf(page, 'Alignment so far')).columns.join('')).toBe('cut');
    await page.getByLabel('Word to read').fill('');
    await expect.poll(() => page.locator('figure').count()).toBe(0);
    expect(problems).toEqual([]);
    await close();
  });
});

/** The formulas line by line, as text. */
const formulasOf = (page: Page): Promise<string[]> =>
  page
    .locator('.line math')
    .evaluateAll((lines) => lines.map((line) => line.textContent.replaceAll(/[\s\u2061]/g, '')));

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, n) => sum + x * b[n], 0);

const times = (a: readonly (readonly number[])[], b: readonly (readonly number[])[]): number[][] =>
  a.map((row) =>
    b[0].map((_, j) =>
      dot(
        row,
        b.map((other) => other[j]),
      ),
    ),
  );

/** Weights are the softmax of scores, as far as tables show their digits. */
function expectShares(weights: readonly number[], scores: readonly number[]): void {
  const exps = scores.map(Math.exp);
  const total = exps.reduce((sum, exp) => sum + exp, 0);
  exps.forEach((exp, j) => expect(weights[j]).toBeCloseTo(exp / total, 2));
}
