import { positionalBaseline } from '@heed/metrics';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../src/evaluate.js';

const symbols = (text: string): string[] => text.split(' ');

describe('positionalBaseline and evaluate', () => {
  const examples = [
    { source: symbols('a b'), targets: [symbols('A B')] },
    { source: symbols('a c'), targets: [symbols('A C'), symbols('O C')] },
    { source: symbols('a a'), targets: [symbols('O A')] },
    { source: symbols('b b b'), targets: [symbols('X')] }, // of another length: not counted
  ];

  it('guesses the most common symbol at the same place', () => {
    const guess = positionalBaseline(examples);
    expect(guess(symbols('a b c'))).toEqual(symbols('A B C')); // a: A 3 times, O twice
    expect(guess(['?'])).toEqual(['A']); // the most common of all
    expect(guess([])).toEqual([]);
  });

  it('evaluates any function', async () => {
    const seen: number[] = [];
    const report = await evaluate(positionalBaseline(examples), examples, {
      onProgress: ({ done, total }) => seen.push(done, total),
    });
    // a b → A B right; a c → A C right; a a → A A, one error of 2; b b b → B B B, three errors of 1.
    expect(report).toMatchObject({ examples: 4, tokenErrors: 4, tokens: 7, sequenceErrors: 2 });
    expect(report.outputs.map(({ errors }) => errors)).toEqual([0, 0, 1, 3]);
    expect(report.monotonicity).toBeUndefined();
    expect(seen).toEqual([4, 4]);
  });

  it('refuses the width of a beam that is not in beam', async () => {
    const options = { width: 4 } as never;
    await expect(evaluate(positionalBaseline(examples), examples, options)).rejects.toMatchObject({
      code: 'UNKNOWN_OPTION',
      message: expect.stringContaining("'width'"),
    });
  });

  it('stops when it is told to', async () => {
    const report = await evaluate(positionalBaseline(examples), examples, { signal: AbortSignal.abort() });
    expect(report.examples).toBe(0);
  });
});
