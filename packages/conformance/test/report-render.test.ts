import type { HeedError } from '@heed/core';
import { parse, type DefaultTreeAdapterTypes } from 'parse5';
import { describe, expect, it } from 'vitest';
import { renderReport } from '../src/report/render.js';
import type { ConformanceReport } from '../src/report.js';
import { caseOf, outputOf, reportOf } from './reports.js';

const cases = [
  caseOf({ id: 'manifest/describes-itself' }),
  caseOf({
    path: 'fused',
    outputs: [outputOf({ ulps: 1.26 }), outputOf({ name: 'dQuery', ulps: 0.0001, error: 1e-11 })],
  }),
  caseOf({ id: 'heads/near', path: 'fused', outputs: [outputOf({ ulps: 14.4, error: 1.44e-6, naiveUlps: 7.5 })] }),
  caseOf({ id: 'empty/none', path: 'empty', reasons: ['there are no keys'] }),
];
const wrong = [
  caseOf({
    path: 'composed',
    reasons: ['no kernel yet'],
    status: 'failed',
    message: 'context[0] is 1, expected 2',
    outputs: [outputOf({ passed: false, ulps: 3200, error: 3.2e-4 })],
  }),
  caseOf({
    id: 'heads/near',
    status: 'failed',
    path: 'composed',
    reasons: ['no kernel yet'],
    message: 'context[0] is NaN',
    outputs: [outputOf({ passed: false, ulps: null, error: null })],
  }),
  caseOf({ id: 'heads/known', status: 'known failure', message: 'a driver bug: off by 1' }),
  caseOf({ id: 'determinism/any', status: 'skipped', message: 'not deterministic' }),
];
const good = reportOf({ backend: 'good', cases });
const bad = reportOf({ backend: 'bad', cases: wrong });

describe('renderReport', () => {
  const page = renderReport([good, bad]);
  const document = read(page);

  it('is HTML without errors', () => {
    const errors: string[] = [];
    parse(page, { onParseError: ({ code, startLine }) => errors.push(`${code} on line ${startLine}`) });
    expect(errors).toEqual([]);
  });

  it('asks nothing of anybody: no scripts, no links, nothing to fetch', () => {
    const names = new Set(elements(document).map(({ tagName }) => tagName));
    for (const name of ['script', 'link', 'img', 'iframe', 'object', 'base', 'form', 'a'])
      expect(names).not.toContain(name);
    const attributes = new Set(elements(document).flatMap(({ attrs }) => attrs.map(({ name }) => name)));
    for (const name of attributes) expect(name).not.toMatch(/^(on.*|src|href|srcset|style|action|data|xlink)$/);
    expect(page).not.toMatch(/url\(|@import/);
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  });

  it('can be read by ear: captions, scopes, hidden or named pictures', () => {
    for (const table of elements(document, 'table')) {
      expect(elements(table, 'caption')).toHaveLength(1);
      expect(elements(table, 'th').filter(({ attrs }) => !attrs.some(({ name }) => name === 'scope'))).toEqual([]);
    }
    for (const { attrs } of elements(document, 'svg'))
      expect(attrs).toContainEqual({ name: 'aria-hidden', value: 'true' });
    expect(elements(document, 'html')[0].attrs).toEqual([{ name: 'lang', value: 'en' }]);
    const headings = elements(document).flatMap(({ tagName }) => /^h(\d)$/.exec(tagName)?.[1] ?? []);
    expect(headings[0]).toBe('1');
    expect(new Set(headings.slice(1))).toEqual(new Set(['2']));
  });

  it('says what ran and what came of it', () => {
    const [first, second] = elements(document, 'article').map(text);
    expect(first).toMatch(/good.*✓ 4 of 4 passed.*2 fused.*1 empty.*1 no op.*core 1\.2\.3.*node 20\.20\.2, linux x64/s);
    expect(first).toContain('Takes masks band · options softCap, dropout · limits width up to 256');
    expect(second).toMatch(/bad.*✗ 2 of 4 failed.*1 known failure.*1 skipped/s);
    expect(text(document)).toContain('6 cases in 2 reports: 2 failures.');
  });

  it('lists failures with their messages, what is no matter of precision first', () => {
    const [failed, known, skipped] = elements(document, 'section')
      .map(text)
      .filter((section) => /^(What f|Kn|Sk)/.test(section));
    expect(failed).toContain('bad: 2 cases (1 in shapes, 1 in heads)');
    expect(failed).toMatch(
      /heads\/near composed context\[0\] is NaN shapes\/dot\/base composed context\[0\] is 1, expected 2/,
    );
    expect(known).toContain('a driver bug: off by 1');
    expect(skipped).toContain('not deterministic');
  });

  it('puts the errors of the backends and of the naive form side by side', () => {
    const lanes = elements(document, 'table').find((table) => text(table).includes('by group and backend'));
    const rows = elements(lanes!, 'tbody').map((group) => elements(group, 'tr').map(text));
    expect(rows.find(([first]) => first!.startsWith('shapes'))).toEqual([
      expect.stringMatching(/^shapes .* good ✓ 1\/1 1\.3 < 0\.01$/),
      'bad ✗ 0/1 3,200 3,200',
    ]);
    expect(rows.find(([first]) => first!.startsWith('heads'))).toEqual([
      expect.stringMatching(/ good ✓ 1\/1 14 14$/),
      'bad ✗ 0/2 no match no match',
      'naive 7.5 7.5',
    ]);
    expect(rows.find(([first]) => first!.startsWith('determinism'))).toEqual([
      expect.stringMatching(/ bad ✓ 0\/1 – –$/),
    ]);
  });

  it('has the worst cases first, by the share of what is allowed', () => {
    const worst = elements(document, 'table').find((table) => text(table).includes('nearest to the bound'));
    const [body] = elements(worst!, 'tbody');
    expect(elements(body!, 'tr').map(text)).toEqual([
      'heads/near context 14 90 % no match no match 7.5 16',
      'shapes/dot/base context 1.3 6.3 % 3,200 200 × too large 0 16',
      'shapes/dot/base dQuery < 0.01 < 1 % – 0 16',
    ]);
  });

  it('says why cases were not fused, and has every case', () => {
    expect(text(document)).toMatch(/bad: 1 reason not to fuse .* composed: no kernel yet 2 shapes\/dot\/base/);
    expect(text(document)).toContain('shapes/dot/base ✓ fused · 1.3 · 1 ms ✗ failed composed · 3,200 · 1 ms');
    expect(text(document)).toContain('manifest/describes-itself ✓ 1 ms not run');
  });

  it('tells reports of the same backend apart', () => {
    const names = elements(read(renderReport([good, good])), 'article').map((card) => text(elements(card, 'h2')[0]));
    expect(names).toEqual(['good #1', 'good #2']);
  });

  it('a hostile report opens no element and no attribute', () => {
    const poison = `"'><script>alert(1)</script></style></title><!--&#0;\u0000\u202e\ud800${'`'}`;
    const [innocent, spoiled] = ['plain', poison].map((word) => read(renderReport([spoil(bad, word)])));
    expect(shape(spoiled!)).toEqual(shape(innocent!));
    expect(text(spoiled!)).toContain(`"'><script>alert(1)</script></style></title><!--&#0;\ufffd\ufffd\ufffd${'`'}`);
  });

  it('of a run without cases is still a page', () => {
    expect(text(read(renderReport([reportOf()])))).toContain('0 cases in 1 report: none failed.');
  });

  it('wants at least one report', () => {
    expect(() => renderReport([])).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }) as HeedError);
  });
});

type Node = DefaultTreeAdapterTypes.Node;
type Element = DefaultTreeAdapterTypes.Element;

function read(page: string): Node {
  return parse(page);
}

function elements(node: Node, name?: string): Element[] {
  const inner = 'childNodes' in node ? node.childNodes.flatMap((child) => elements(child, name)) : [];
  return 'tagName' in node && (name === undefined || node.tagName === name) ? [node, ...inner] : inner;
}

/** Text of a page as people read it: without the style sheet, with single spaces. */
function text(node: Node): string {
  if ('tagName' in node && ['style', 'title'].includes(node.tagName)) return '';
  const own = 'value' in node ? node.value : 'childNodes' in node ? node.childNodes.map(text).join(' ') : '';
  return own.replaceAll(/\s+/g, ' ').trim();
}

/** Structure of a document: every element with the names of its attributes. */
function shape(document: Node): string[] {
  return elements(document).map(({ tagName, attrs }) => [tagName, ...attrs.map(({ name }) => name)].join(' '));
}

/** Report in which every text has the word, except texts that are one of a few values. */
function spoil(report: ConformanceReport, word: string): ConformanceReport {
  return JSON.parse(JSON.stringify(report), (key, value: unknown) =>
    typeof value === 'string' && key !== 'status' && key !== 'path' ? `${word}${value}` : value,
  ) as ConformanceReport;
}
