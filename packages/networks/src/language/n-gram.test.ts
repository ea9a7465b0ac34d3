import { describe, expect, it } from 'vitest';
import { nGram } from './n-gram.js';
import { NumberCounter } from './number-counter.js';

const text = (written: string, ends = true) => ({ symbols: [...written], ends });
const symbols = [...'abc'];

describe('nGram', () => {
  it('is Witten and Bell’s by hand', () => {
    // a, b and the end follow in 'ab': nothing twice, after nothing twice.
    const [first, second, end] = nGram([text('ab')], { order: 2, symbols })(text('ab'));
    const unigram = (1 + 3 / 4) / (3 + 3);
    for (const surprisal of [first, second, end])
      expect(Math.exp(-surprisal!)).toBeCloseTo((1 + unigram) / (1 + 1), 12);
    // c was never seen: it has only what the orders leave over.
    const [never] = nGram([text('ab')], { order: 2, symbols })(text('c', false));
    expect(Math.exp(-never!)).toBeCloseTo(3 / 4 / 6 / 2, 12);
  });

  it('has probabilities that sum to 1, whatever stands before', () => {
    const model = nGram([text('abcabcaab'), text('cacb')], { order: 3, symbols });
    for (const before of ['', 'a', 'ab', 'cc', 'bb']) {
      const next = symbols.map((symbol) => model({ ...text(before + symbol, false), context: before.length })[0]);
      const last = model({ ...text(before), context: before.length })[0];
      expect([...next, last].reduce((sum, surprisal) => sum + Math.exp(-surprisal), 0)).toBeCloseTo(1, 12);
    }
  });

  it('leaves out what is only given, and knows of an end only where there is one', () => {
    const model = nGram([], { order: 3, symbols });
    expect([...model({ ...text('abc', false), context: 2 })]).toEqual([-Math.log(1 / 3)]);
  });

  it.each([-1, 1.5, NaN, 27])('refuses order %d', (order) => {
    expect(() => nGram([], { order, symbols })).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  });

  it('refuses what is not among its symbols', () => {
    const invalid = expect.objectContaining({ code: 'INVALID_ARGUMENT' });
    expect(() => nGram([text('abx')], { order: 2, symbols })).toThrow(invalid);
    const model = nGram([text('ab')], { order: 2, symbols });
    expect(() => model(text('x'))).toThrow(invalid);
  });

  it('of order 0 finds all equally probable', () => {
    expect([...nGram([text('aab')], { order: 0, symbols })(text('a'))]).toEqual([-Math.log(1 / 4), -Math.log(1 / 4)]);
  });

  it('predicts better what it has seen', () => {
    const model = nGram([text('abababab')], { order: 4, symbols });
    const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
    expect(sum(model(text('ababab', false)))).toBeLessThan(sum(model(text('aabbab', false))) / 2);
  });
});

describe('NumberCounter', () => {
  it('counts as a Map does, far beyond 32 bits', () => {
    const counter = new NumberCounter();
    const map = new Map<number, number>();
    for (let n = 0; n < 20_000; n++) {
      const number = ((n * n) % 5003) * 2 ** 39 + (n % 7);
      map.set(number, (map.get(number) ?? 0) + 1);
      expect(counter.add(number)).toBe(map.get(number));
    }
    for (const [number, count] of map) expect(counter.get(number)).toBe(count);
    expect(counter.get(8)).toBe(0);
  });
});
