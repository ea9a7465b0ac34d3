import { HeedError } from '@heed/core';
import type { Expected } from './bound.js';
import type { AgreementCase } from './case.js';
import { CASES } from './cases/index.js';
import { draw } from './draw.js';
import { float32, float64 } from './oracle/arithmetic.js';
import { biasTensors } from './oracle/biases.js';
import { centralDifferences } from './oracle/differences.js';
import { evaluate, evaluateGradients } from './oracle/evaluate.js';
import { gradientName } from './perform.js';
import { remembered } from './remembered.js';
import type { Instance } from './example.js';
import type { OpExample } from './ops/table.js';

/** A case with its numbers and its expected results. */
export interface ExpectedCase {
  readonly instance: Instance;
  readonly outputs: Readonly<Record<string, Expected>>;
  readonly gradients?: Readonly<Record<string, Expected>>;
}

/** Ids of the cases that `expectedCase` knows, whose numbers are compared with the oracle's. */
export const listExpectedCases = (): readonly string[] => agreements().map(({ id }) => id);

/**
 * Numbers of a case of the suite, for `solve`, and its expected results.
 *
 * @throws HeedError UNKNOWN_NAME for an id that isn't one of `listExpectedCases`
 */
export function expectedCase(id: string): ExpectedCase {
  const found = agreements().find((one) => one.id === id);
  if (found !== undefined) return expectedOf(found);
  throw new HeedError('UNKNOWN_NAME', {
    message: `conformance: no case whose numbers are compared is called '${id}'`,
    hint: 'ids are listed by listExpectedCases()',
    details: { unknown: [id] },
  });
}

const agreements = (): AgreementCase[] => CASES.filter((one): one is AgreementCase => one.kind === 'agreement');

const known = remembered<AgreementCase, ExpectedCase>();

export const expectedOf = (agreement: AgreementCase): ExpectedCase => known(agreement, () => evaluateCase(agreement));

/**
 * Numbers of an example of your own, drawn from a seed, and its expected results. A smaller batch has the first numbers of a larger
 * one, so when an example is too large for the oracle, a part of it can be checked.
 */
export const expectedExample = (
  example: OpExample,
  { seed, gradients }: { readonly seed: number; readonly gradients: boolean },
): ExpectedCase => evaluateCase({ example, seed, gradients: gradients ? 'oracle' : 'none' });

function evaluateCase({ example, seed, gradients, units }: Omit<AgreementCase, 'kind' | 'id' | 'group'>): ExpectedCase {
  const instance = draw(example, seed);
  const values = evaluate(instance, float64);
  const naive = evaluate(instance, float32);
  const outputs = Object.fromEntries(
    Object.entries(values).map(([name, exact]) => {
      const key = name as keyof typeof values;
      return [name, { shape: instance.cotangents[key]!.shape, values: exact, naive: naive[key]!, unit: units?.[name] }];
    }),
  );
  if (gradients === 'none') return { instance, outputs };

  const exact = gradients === 'oracle' ? evaluateGradients(instance, float64) : centralDifferences(instance);
  const rounded = evaluateGradients(instance, float32);
  const tensors = { ...instance.inputs, ...biasTensors(instance.bias) };
  const expectedGradients = Object.fromEntries(
    Object.entries(tensors).map(([name, { shape }]) => [
      gradientName(name),
      { shape, values: exact[name], naive: rounded[name], unit: units?.[gradientName(name)] },
    ]),
  );
  return { instance, outputs, gradients: expectedGradients };
}
