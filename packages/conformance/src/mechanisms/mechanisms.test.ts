import { MECHANISM_KINDS } from '@heed/attention';
import { describe, expect, it } from 'vitest';
import { mechanisms } from '../cases/mechanisms.js';
import { MECHANISM_MUTANTS } from '../mutants/mechanisms.js';
import { float64 } from '../oracle/arithmetic.js';
import { evaluateMechanism } from '../oracle/mechanisms/evaluate.js';
import { FORMULAS } from '../oracle/mechanisms/table.js';
import { Random } from '../random.js';
import { drawCotangents, drawMechanism } from './draw.js';
import type { MechanismInstance } from './example.js';

const missingFrom = (known: Iterable<string>): readonly string[] => {
  const names = new Set(known);
  return MECHANISM_KINDS.filter((kind) => !names.has(kind));
};

describe('every mechanism', () => {
  it('has a formula', () => {
    expect(missingFrom(Object.keys(FORMULAS)), 'write it in oracle/mechanisms, and add it to FORMULAS there').toEqual(
      [],
    );
  });

  it('has cases', () => {
    const tried = mechanisms.map(({ example }) => example.kind);
    expect(missingFrom(tried), 'say what is tried of it in cases/mechanisms.ts').toEqual([]);
  });

  it('has a mutant', () => {
    const wrong = MECHANISM_MUTANTS.map(({ kind }) => kind);
    expect(missingFrom(wrong), 'break it in mutants/mechanisms.ts, each time in one way').toEqual([]);
  });
});

const STEP = 1e-5;

describe('gradients of a formula', () => {
  it.each(mechanisms)('are those of its differences: $id', ({ example, seed }) => {
    const instance = drawMechanism(example, seed);
    const exact = evaluateMechanism(instance, float64);
    const cotangents = Object.fromEntries(
      Object.entries(drawCotangents(instance, exact.outputs, seed)).map(([name, { values }]) => [name, values]),
    );
    const gradients = exact.gradients(cotangents);
    // Along one direction in all tensors at once, so that two evaluations are enough.
    const direction = Object.fromEntries(
      Object.entries(instance.tensors).map(([name, { values }]) => {
        const random = new Random(seed, `direction of ${name}`);
        return [name, Float64Array.from(values, () => random.uniform() - 0.5)];
      }),
    );
    const lossAt = (step: number): number => {
      const { outputs } = evaluateMechanism(moved(instance, direction, step), float64);
      return Object.entries(cotangents).reduce((sum, [name, weights]) => sum + dot(outputs[name].values, weights), 0);
    };
    const slope = Object.entries(gradients).reduce((sum, [name, values]) => sum + dot(values, direction[name]), 0);
    const differences = (lossAt(STEP) - lossAt(-STEP)) / (2 * STEP);
    expect(Math.abs(differences - slope)).toBeLessThan(1e-5 * Math.max(1, Math.abs(slope)));
  });
});

const moved = (
  instance: MechanismInstance,
  direction: Readonly<Record<string, Float64Array>>,
  step: number,
): MechanismInstance => ({
  ...instance,
  tensors: Object.fromEntries(
    Object.entries(instance.tensors).map(([name, { shape, values }]) => [
      name,
      { shape, values: Float64Array.from(values, (x, n) => x + step * direction[name][n]) },
    ]),
  ),
});

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((sum, x, n) => sum + x * b[n], 0);
