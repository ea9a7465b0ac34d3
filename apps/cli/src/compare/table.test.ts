import { Ansis } from 'ansis';
import { expect, test } from 'vitest';
import { short, table, type Column } from './table.js';

const column = (heading: string, passed: boolean): Column => ({
  heading,
  cells: [
    { output: 'context', absolute: 1.234e-7, relative: 0, ulps: 0.1234, passed },
    { output: 'gradient/output/bias', absolute: Infinity, relative: Infinity, ulps: Infinity, passed },
  ],
});

test('a line an output, columns side by side as far as there is room', () => {
  const columns = [column('cpu', true), column('wasm', true), column('webgl', true)];
  expect(table(columns, new Ansis(0), 80).split('\n')).toEqual([
    '               cpu                          wasm',
    '                absolute  relative    ulps   absolute  relative    ulps',
    'context         1.2·10⁻⁷         0    0.12   1.2·10⁻⁷         0    0.12',
    '∇ output/bias          ∞         ∞       ∞          ∞         ∞       ∞',
    '',
    '               webgl',
    '                absolute  relative    ulps',
    'context         1.2·10⁻⁷         0    0.12',
    '∇ output/bias          ∞         ∞       ∞',
  ]);
  expect(table(columns, new Ansis(0), Infinity).split('\n')).toHaveLength(4);
});

test('what is past the bound is red', () => {
  const text = table([column('cpu', false)], new Ansis(1), 80);
  expect(text).toContain('\u001b[31m');
  expect(table([column('cpu', true)], new Ansis(1), 80)).not.toContain('\u001b[31m');
});

test.each([
  [0, '0'],
  [0.000123, '0.00012'],
  [15.96, '16'],
  [268, '270'],
  [12345, '12,000'],
  [Infinity, '∞'],
])('%s spacings are %s', (value, text) => expect(short(value)).toBe(text));
