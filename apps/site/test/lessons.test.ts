import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lessonsOf, type Lesson } from '../build/lesson-pages.js';
import type { Language } from '../build/texts.js';
import { compute, givenOf, openLibrary, resultsOf, type Numbers } from '../lessons/compute.js';
import { isRight } from '../lessons/exercise.js';
import { stepsOf, type Step } from '../lessons/step.js';
import { ANSWERS, DISCUSSED } from './lesson-answers.js';

const LANGUAGES = ['en', 'zh'] as const;
const english = lessonsOf('en');

beforeAll(openLibrary);

/** Steps and exercises of all lessons of a language, as a test's rows. */
const stepsIn = (language: Language): [string, Step][] =>
  lessonsOf(language).flatMap(({ file, text }) =>
    stepsOf(text).map((step): [string, Step] => [`${file}: ${step.op}`, step]),
  );

test('there are lessons, each with exercises of a name of their own', () => {
  expect(english.length).toBeGreaterThanOrEqual(8);
  expect(english.filter(({ exercises }) => exercises.length === 0)).toEqual([]);
  const ids = english.flatMap(({ exercises }) => exercises.map(({ id }) => id));
  expect(ids.filter((id, n) => ids.indexOf(id) !== n)).toEqual([]);
});

describe.each(LANGUAGES)('%s', (language) => {
  test.each(stepsIn(language))('what %s shows is what Heed computes', (_, { op, tables }) => {
    const found = compute(op, tables, givenOf(tables));
    for (const { symbol, rows, digits } of tables.filter(({ isGiven }) => !isGiven)) {
      const written = rows.map(({ numbers }) => numbers.map((number) => number.toFixed(digits)));
      expect(written, symbol).toEqual(rounded(found[symbol]!, digits));
    }
  });

  test('a lesson leads to the one before and to the one after', () => {
    const lessons = lessonsOf(language);
    const wrong = lessons.flatMap(({ file, text, title }, n) => {
      const [before, after] = [lessons[n - 1], lessons[n + 1]];
      const links = [before && `[← ${before.title}](${before.file})`, after && `[${after.title} →](${after.file})`];
      const last = text.trimEnd().split('\n').at(-1)!;
      return text.startsWith(`# ${title}\n`) && links.every((link) => !link || last.includes(link)) ? [] : [file];
    });
    expect(wrong).toEqual([]);
  });

  test('no number stands in the text that nobody has computed', () => {
    const unknown = lessonsOf(language).flatMap((lesson) =>
      unknownNumbers(lesson).map((number) => `${lesson.file}: ${number}`),
    );
    expect(unknown).toEqual([]);
  });
});

test('both languages have the same steps and exercises', () => {
  const facts = (language: Language): unknown =>
    lessonsOf(language).map(({ text, exercises }) => ({
      steps: stepsOf(text).map(({ op, tables }) => ({
        op,
        tables: tables.map(({ symbol, isGiven, digits, rows }) => ({
          symbol,
          isGiven,
          digits,
          numbers: rows.map((row) => row.numbers),
        })),
      })),
      exercises: exercises.map(({ id, answer, choices }) => ({ id, answer, choices: Object.keys(choices) })),
    }));
  expect(facts('zh')).toEqual(facts('en'));
});

test.each(english.flatMap(({ file, text, exercises }) => exercises.map((one) => [one.id, one, file, text] as const)))(
  'the answer of %s is what Heed computes',
  (id, { answer, choices }, file, text) => {
    if (choices[answer] === undefined) expect(answer).toMatch(/^-?[\d.]+$/);
    if (DISCUSSED.includes(id)) return expect(choices).toHaveProperty(answer);
    const steps = stepsOf(text);
    const run = (op: string, changed: Numbers = {}): Numbers => {
      const { tables } = steps.find((step) => step.op === op) ?? fail(`${file} has no step ${op}`);
      return compute(op, tables, { ...givenOf(tables), ...changed });
    };
    const found = ANSWERS[id] ?? fail(`nothing computes the answer of ${id}`);
    const result = found(run);
    const decimals = answer.split('.')[1]?.length ?? 0;
    expect(typeof result === 'number' ? result.toFixed(decimals) : result).toBe(answer);
  },
);

test('an answer is taken to the decimals that it has, with a comma or a point; another isn’t', () => {
  for (const given of ['0.67', ' 0,67', '0.6667', '0.665']) expect(isRight(given, '0.67'), given).toBe(true);
  for (const given of ['0.66', '0.68', '', '2/3', 'a']) expect(isRight(given, '0.67'), given).toBe(false);
  expect(isRight('−1', '-1')).toBe(true);
  expect(isRight('3', '3')).toBe(true);
  expect(isRight('2.9', '3')).toBe(false);
  expect(isRight('b', 'b')).toBe(true);
  expect(isRight('a', 'b')).toBe(false);
});

/** Trust below 0, a temperature of 0, half a head. */
const WITHOUT_RESULT: readonly (readonly [file: string, changed: Numbers])[] = [
  ['weighted-mean.md', { w: [[-1, 3, 1]] }],
  ['softmax.md', { τ: [[0]] }],
  ['questions.md', { n: [0.5, 8, 8].map((heads) => [32, heads, 64]) }],
];
test.each(WITHOUT_RESULT)('in %s, %j has no result', (file, changed) => {
  const { op, tables } = stepsOf(english.find((lesson) => lesson.file === file)!.text)[0]!;
  expect(resultsOf(op, tables, givenOf(tables))).toBeDefined();
  expect(resultsOf(op, tables, { ...givenOf(tables), ...changed })).toBeUndefined();
});

test('a page that doesn’t fit its computation is no matter of its numbers', () => {
  const { op, tables } = stepsOf(english[0]!.text)[0]!;
  expect(() => resultsOf('median', tables, givenOf(tables))).toThrow("there is no computation 'median'");
  expect(() => resultsOf(op, tables, {})).toThrow(`step '${op}' has no table w`);
});

test('a step whose numbers are wrong is found', () => {
  const { op, tables } = stepsOf(english[0]!.text)[0]!;
  const found = compute(op, tables, { ...givenOf(tables), w: [[1, 1, 1]] });
  expect(rounded(found['c']!, 2)).not.toEqual(
    tables.find(({ symbol }) => symbol === 'c')!.rows.map(({ numbers }) => numbers.map((n) => n.toFixed(2))),
  );
});

describe('code', () => {
  let folder: string;
  beforeAll(async () => {
    // In this package, so that its imports are found.
    folder = await mkdtemp(fileURLToPath(new URL('../node_modules/.lessons-', import.meta.url)));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test.each(english.flatMap(codeOf))('of %s prints what it says', async (name, code) => {
    const file = join(folder, `${name}.mjs`);
    await writeFile(file, code);
    const { stdout } = await promisify(execFile)(process.execPath, [file]);
    const said = [...code.matchAll(/^ *console\.log.*; \/\/ (.*)$/gm)].map(([, text]) => text);
    expect(said.length).toBeGreaterThan(0);
    expect(stdout.trim().split('\n')).toEqual(said);
  });

  test('is the same in both languages, but for comments', () => {
    const code = (language: Language): string[] =>
      lessonsOf(language)
        .flatMap(codeOf)
        .map(([, code]) => code.replaceAll(/ *\/\/ .*$/gm, ''));
    expect(code('en').length).toBeGreaterThan(0);
    expect(code('zh')).toEqual(code('en'));
  });
});

const codeOf = ({ file, text }: Lesson): [string, string][] =>
  [...text.matchAll(/^```js\n([^]*?)^```$/gm)].map(([, code]) => [file, code!]);

/** Decimals of a lesson's prose that are in none of its tables, answers or code. */
function unknownNumbers({ text, exercises }: Lesson): string[] {
  const known = new Set([
    ...stepsOf(text).flatMap(({ tables }) =>
      tables.flatMap(({ rows }) => rows.flatMap(({ numbers }) => numbers.map(Math.abs))),
    ),
    ...exercises.map(({ answer }) => Math.abs(Number(answer))),
  ]);
  const prose = text
    .replaceAll(/^(\|.*|<!--.*)$/gm, '')
    .replaceAll(/^```[^]*?^```$/gm, '')
    .replaceAll(/\]\([^)]*\)|arXiv:[\d.]+|§[\d.]+|[A-Z]\.[\d.]+/g, '');
  return [...prose.matchAll(/\d+\.\d+/g)].map(([number]) => number).filter((number) => !known.has(Number(number)));
}

const rounded = (rows: readonly (readonly number[])[], digits: number): string[][] =>
  rows.map((row) => row.map((number) => number.toFixed(digits)));

function fail(message: string): never {
  throw new Error(message);
}
