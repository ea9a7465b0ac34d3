import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HookBounds } from './bounds.js';
import { Builder } from './builder.js';
import { derivativeOf } from './derivative.js';
import { Evaluator } from './evaluate.js';
import { HOOK_FUNCTIONS, type HookFunction } from './functions.js';
import { VARIABLES, keyOf, type Program } from './program.js';

const NUMBERS = (Object.keys(HOOK_FUNCTIONS) as HookFunction[]).filter((name) =>
  /^n+:n$/.test(HOOK_FUNCTIONS[name].signature),
);
const COMPARISONS = ['lt', 'le', 'eq'] as const;

/** Random programs: each step applies a function to two earlier steps; the last one compares. */
const programs = fc
  .array(fc.record({ name: fc.constantFrom(...NUMBERS), args: fc.tuple(fc.nat(30), fc.nat(30)) }), { maxLength: 6 })
  .chain((steps) =>
    fc.record({
      steps: fc.constant(steps),
      last: fc.constantFrom(...COMPARISONS),
      numbers: fc.array(fc.oneof(fc.integer({ min: -4, max: 4 }), fc.constantFrom(0.5, -1.25)), {
        minLength: 2,
        maxLength: 2,
      }),
    }),
  )
  .map(({ steps, last, numbers }): Program => {
    const to = new Builder();
    const made = [
      ...VARIABLES.map((name) => to.add({ kind: 'variable', name })),
      ...numbers.map((value) => to.number(value)),
      to.add({ kind: 'read', capture: 0, indices: [to.add({ kind: 'variable', name: 'key' })] }),
    ];
    const pick = (n: number): number => made[n % made.length];
    for (const { name, args } of steps) {
      const arity = HOOK_FUNCTIONS[name].signature.indexOf(':');
      made.push(to.apply(name, ...args.slice(0, arity).map(pick)));
    }
    return { steps: to.steps, result: to.apply(last, made.at(-1)!, made.at(-2)!) };
  });

const CAPTURED = Float32Array.of(1, 1, 2, -1, 0.5, 3, 3, 0);
const captures = [{ start: 0, shape: [8] }];
const lengths = { queries: 9, keys: 8 };

describe('bounds of a block', () => {
  it('hold every value in it, whatever the program', () => {
    fc.assert(
      fc.property(programs, fc.nat(8), fc.nat(7), fc.nat(3), fc.nat(3), (program, i, j, rows, cols) => {
        const bounds = new HookBounds({ program, captures }, CAPTURED, lengths);
        const [lastQuery, lastKey] = [Math.min(8, i + rows), Math.min(7, j + cols)];
        const { low, high } = bounds.of({ batch: 1, head: 2, query: [i, lastQuery], key: [j, lastKey] });
        const evaluator = new Evaluator(program.steps, [program.result], captures, CAPTURED);
        for (let query = i; query <= lastQuery; query++) {
          for (let key = j; key <= lastKey; key++) {
            evaluator.run({ batch: 1, head: 2, query, key, Tq: 9, Tk: 8 });
            const value = evaluator.values[program.result];
            expect(value).toBeGreaterThanOrEqual(low);
            expect(value).toBeLessThanOrEqual(high);
          }
        }
      }),
      { numRuns: 400 },
    );
  });

  it('tell blocks that are whole or empty', () => {
    const to = new Builder();
    const [query, key] = (['query', 'key'] as const).map((name) => to.add({ kind: 'variable', name }));
    const read = (index: number): number => to.add({ kind: 'read', capture: 0, indices: [index] });
    const causal = { steps: to.steps, result: to.apply('le', key, query) };
    const same = { steps: to.steps, result: to.apply('eq', read(query), read(key)) };
    const kindOf = (program: Program, first: number, last: number, from: number, to: number): string => {
      const bounds = new HookBounds({ program, captures }, CAPTURED, lengths);
      const { low, high } = bounds.of({ batch: 0, head: 0, query: [first, last], key: [from, to] });
      return low === 1 ? 'all' : high === 0 ? 'none' : 'some';
    };
    expect(kindOf(causal, 4, 6, 0, 4)).toBe('all');
    expect(kindOf(causal, 4, 6, 0, 5)).toBe('some');
    expect(kindOf(causal, 0, 3, 4, 7)).toBe('none');
    expect(kindOf(same, 0, 1, 0, 1)).toBe('all');
    expect(kindOf(same, 0, 1, 5, 6)).toBe('none');
    expect(kindOf(same, 0, 2, 0, 1)).toBe('some');
  });
});

it('a derivative of each function is what differences tell', () => {
  for (const name of NUMBERS) {
    const { signature } = HOOK_FUNCTIONS[name];
    const to = new Builder();
    const input = to.add({ kind: 'input' });
    const other = to.add({ kind: 'variable', name: 'query' });
    // Where every function is defined and none steps.
    const positions: [number, number][] = [
      [1.7, 2],
      [1.3, 3],
      [2.6, 1],
    ];
    for (const args of signature.startsWith('nn')
      ? [
          [input, other],
          [other, input],
        ]
      : [[input]]) {
      const result = to.apply(name, ...args);
      const whole = { steps: to.steps.slice(), result };
      const derivative = derivativeOf(whole);
      for (const [x, query] of positions) {
        const at = { batch: 0, head: 0, query, key: 0, Tq: 9, Tk: 8 };
        const valueAt = (moved: number): number => {
          const evaluator = new Evaluator(whole.steps, [whole.result], [], []);
          evaluator.run(at, moved);
          return evaluator.values[whole.result];
        };
        const evaluator = new Evaluator(
          derivative.steps,
          derivative.input === undefined ? [] : [derivative.input],
          [],
          [],
        );
        evaluator.run(at, x, 1);
        const found = derivative.input === undefined ? 0 : evaluator.values[derivative.input];
        const expected = (valueAt(x + 1e-5) - valueAt(x - 1e-5)) / 2e-5;
        expect(found, `${name} at ${x}, ${query}`).toBeCloseTo(expected, 4);
      }
    }
  }
});

it('programs have different keys where a number differs, if only by its sign', () => {
  const keys = [0, -0, NaN, Infinity, -Infinity, 1].map((value) => {
    const to = new Builder();
    const result = to.apply('mul', to.add({ kind: 'input' }), to.number(value));
    return keyOf(to.steps, result);
  });
  expect(new Set(keys).size).toBe(6);
});
