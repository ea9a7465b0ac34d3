import { HeedError, type SymbolicNumber } from '@heed/core';
import { describe, expect, test } from 'vitest';
import { clausesOf, evaluateFormula } from './formula.js';

const plain = (text: string): unknown => evaluateFormula(text, { values: { two: 2, three: 3 }, tensors: {} });

describe('a formula of plain numbers', () => {
  test.each([
    ['1 + two * three', 7],
    ['(1 + two) * three', 9],
    ['-two ** 2', -4],
    ['two - three - 1', -2],
    ['|two - three| * 4', 4],
    ['||two - three| - 5|', 4],
    ['exp(0) + sqrt(4) + abs(-three)', 6],
    ['7 / two / 2', 1.75],
    ['1e2 + 0.5 * 0', 100],
    ['sin(0) + cos(0)', 1],
  ])('%s', (text, value) => {
    expect(plain(text)).toBeCloseTo(value, 12);
  });

  test.each([
    '',
    '1 +',
    '(1',
    'four',
    '1 2',
    'f(1)',
    'table[1]',
    '|1',
    '1 $ 2',
    'not 1',
    'two and three',
    'where(1, 2, 3)',
  ])("'%s' is refused", (text) => expect(() => plain(text)).toThrow(HeedError));
});

test('clauses by their names, without the words after them', () => {
  expect(clausesOf('score_mod: s + t[b, q_idx]; mask_mod: kv_idx < n[b]; captured [B, Tq] and int [B]')).toEqual({
    score_mod: 's + t[b, q_idx]',
    mask_mod: 'kv_idx < n[b]',
  });
});

test('names are those of a hook where they are given', () => {
  const calls: string[] = [];
  const symbol = new Proxy({} as SymbolicNumber, {
    get:
      (_, name) =>
      (...args: unknown[]) => {
        calls.push(`${String(name)}(${args.filter((arg) => typeof arg === 'number').join()})`);
        return symbol;
      },
    has: () => false,
  });
  evaluateFormula('2 - s * 3', { values: { s: symbol }, tensors: {} });
  expect(calls).toEqual(['mul(3)', 'neg()', 'add(2)']);
});
