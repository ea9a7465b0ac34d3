import { describe, expect, it } from 'vitest';
import { float32, float64 } from './arithmetic.js';
import { Tape, type Node } from './tape.js';

type Formula = (tape: Tape, x: Node, y: Node) => Node;

const FORMULAS: Readonly<Record<string, Formula>> = {
  add: (tape, x, y) => tape.add(x, y),
  sub: (tape, x, y) => tape.sub(x, y),
  mul: (tape, x, y) => tape.mul(x, y),
  div: (tape, x, y) => tape.div(x, y),
  pow: (tape, x, y) => tape.pow(tape.mul(x, x), y),
  scaled: (tape, x) => tape.scaled(x, -3),
  sum: (tape, x, y) => tape.sum([x, y, x]),
  exp: (tape, x) => tape.exp(x),
  log: (tape, x) => tape.log(tape.mul(x, x)),
  inverseRoot: (tape, x) => tape.inverseRoot(tape.mul(x, x)),
  tanh: (tape, x, y) => tape.tanh(tape.mul(x, y)),
  erf: (tape, x, y) => tape.erf(tape.mul(x, y)),
  sigmoid: (tape, x, y) => tape.sigmoid(tape.add(x, y)),
  logSigmoid: (tape, x, y) => tape.logSigmoid(tape.mul(x, y)),
  max: (tape, x, y) => tape.mul(tape.max(x, y), y),
  min: (tape, x, y) => tape.mul(tape.min(x, y), y),
  relu: (tape, x, y) => tape.add(tape.relu(x), tape.relu(y)),
  logSumExp: (tape, x, y) => tape.logSumExp([x, y, tape.mul(x, y)]),
};

const STEP = 2 ** -16;

describe.each(Object.entries(FORMULAS))('%s', (_, formula) => {
  const evaluate = (x: number, y: number): number => {
    const tape = new Tape(float64);
    return tape.value(formula(tape, tape.constant(x), tape.constant(y)));
  };

  it.each([
    [0.7, -1.3],
    [-0.4, 0.9],
    [1.5, 2],
  ])('has the gradient of its central differences at %d and %d', (x, y) => {
    const tape = new Tape(float64);
    const [a, b] = [tape.constant(x), tape.constant(y)];
    const gradients = tape.gradients([formula(tape, a, b)], [2]);
    expect(gradients[a]).toBeCloseTo((evaluate(x + STEP, y) - evaluate(x - STEP, y)) / STEP, 7);
    expect(gradients[b]).toBeCloseTo((evaluate(x, y + STEP) - evaluate(x, y - STEP)) / STEP, 7);
  });
});

describe('a tape', () => {
  it('rounds every result, and every step back', () => {
    const tape = new Tape(float32);
    const [a, b] = [tape.constant(0.1), tape.constant(0.3)];
    const product = tape.mul(a, b);
    expect(tape.value(product)).toBe(Math.fround(Math.fround(0.1) * Math.fround(0.3)));
    const gradients = tape.gradients([product], [0.7]);
    expect(gradients[a]).toBe(Math.fround(Math.fround(0.7) * Math.fround(0.3)));
  });

  it('stays finite far from 0', () => {
    const tape = new Tape(float64);
    expect(tape.value(tape.logSigmoid(tape.constant(-1000)))).toBe(-1000);
    expect(tape.value(tape.logSumExp([tape.constant(1e4), tape.constant(-1e4)]))).toBe(1e4);
  });

  it('gives the gradient of a tie to the first', () => {
    const tape = new Tape(float64);
    const [a, b] = [tape.constant(3), tape.constant(3)];
    const gradients = tape.gradients([tape.max(a, b)], [1]);
    expect([gradients[a], gradients[b]]).toEqual([1, 0]);
  });
});
