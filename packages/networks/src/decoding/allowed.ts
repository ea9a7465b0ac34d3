import { HeedError } from '@heed/core';
import { BOUNDARY } from '@heed/nn';
import type { OutputSymbols, SeenStep, Stepper, StepValues } from './decoding.js';

/**
 * Symbols that an output may have besides its end, copied ones included; undefined allows all. Log-probabilities stay those of
 * the model, so with some symbols forbidden they no longer sum to 1.
 */
export type Allowed = ReadonlySet<string> | undefined;

interface Looked extends Stepper {
  look(id: number): Promise<SeenStep>;
}

/**
 * A decoding in which symbols that aren't allowed have no probability.
 *
 * @param allowed of each source
 * @param beams   K: rows n·K … n·K + K − 1 belong to source n
 */
export function restricted(
  decoding: Looked,
  symbols: OutputSymbols,
  allowed: readonly Allowed[],
  beams: number,
): Looked {
  let forbidden: readonly number[][] = allowed.map((set, source) => forbiddenIds(symbols, source, set));
  if (forbidden.every(({ length }) => length === 0)) return decoding;
  const restrict = <Values extends StepValues>(values: Values): Values => {
    forbidden.forEach((ids, source) => {
      for (let row = source * beams; row < (source + 1) * beams; row++)
        for (const id of ids) values.logProbabilities[row * symbols.size + id] = -Infinity;
    });
    return values;
  };
  return {
    step: async (ids, rows) => restrict(await decoding.step(ids, rows)),
    keep(sources) {
      decoding.keep(sources);
      const before = forbidden;
      forbidden = Array.from(sources, (source) => before[source]);
    },
    look: async (id) => restrict(await decoding.look(id)),
  };
}

function forbiddenIds(symbols: OutputSymbols, source: number, allowed: Allowed): number[] {
  if (allowed === undefined) return [];
  return Array.from({ length: symbols.size }, (_, id) => id).filter(
    (id) => id !== BOUNDARY && !allowed.has(symbols.symbol(id, source)),
  );
}

/** @throws HeedError INVALID_ARGUMENT */
export function checkAllowed(search: string, sources: number, allowed: readonly Allowed[] | undefined): void {
  const isList = Array.isArray(allowed) && allowed.every((one) => one === undefined || one instanceof Set);
  if (allowed === undefined || (isList && allowed.length === sources)) return;
  throw new HeedError('INVALID_ARGUMENT', {
    message: `${search}: allowed ${isList ? `has ${allowed.length} sets for ${sources} sources` : 'is no list of sets'}`,
    hint: 'a list with a set of symbols for each source, or undefined where all are allowed',
    details: { sources },
  });
}
