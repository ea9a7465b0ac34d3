import { cpu } from '@heed/backend-cpu';
import { HeedError, selectBackend } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import { COMPUTATIONS } from './ops/index.js';
import type { StepTable } from './step.js';

/** Rows of numbers of tables, by their symbols. */
export type Numbers = Readonly<Record<string, readonly (readonly number[])[]>>;

/** Makes Heed ready to compute steps, on the cpu engine. */
export async function openLibrary(): Promise<void> {
  await selectBackend(cpu());
}

/**
 * The computed tables of a step.
 *
 * @param tables  of the step; those that are computed say which shape results get
 * @param given   numbers of the tables that are given
 * @throws HeedError for numbers that the library refuses, such as half a head; Error where the page and the computation don't fit
 */
export function compute(op: string, tables: readonly StepTable[], given: Numbers): Numbers {
  const computation = COMPUTATIONS[op];
  if (computation === undefined) throw new Error(`there is no computation '${op}'`);
  const missing = computation.needs.find((symbol) => given[symbol] === undefined);
  if (missing !== undefined) throw new Error(`step '${op}' has no table ${missing}`);
  return tf.tidy(() => {
    const tensors = Object.entries(given).map(([symbol, rows]) => [symbol, tf.tensor2d(rows.map((row) => [...row]))]);
    const results = computation.compute(Object.fromEntries(tensors));
    const computed = tables.filter(({ isGiven }) => !isGiven);
    return Object.fromEntries(computed.map((table) => [table.symbol, inRows(table, results[table.symbol])]));
  });
}

/** The computed tables of a step; undefined where its numbers have no result that could be shown. */
export function resultsOf(op: string, tables: readonly StepTable[], given: Numbers): Numbers | undefined {
  try {
    const found = compute(op, tables, given);
    return Object.values(found).flat(2).every(Number.isFinite) ? found : undefined;
  } catch (error) {
    if (HeedError.isInstance(error)) return undefined;
    throw error;
  }
}

/** Numbers of the tables that are given, as the page has them. */
export const givenOf = (tables: readonly StepTable[]): Numbers =>
  Object.fromEntries(
    tables.filter(({ isGiven }) => isGiven).map(({ symbol, rows }) => [symbol, rows.map(({ numbers }) => numbers)]),
  );

/** Numbers of a result, in the rows of its table. */
function inRows({ symbol, columns, rows }: StepTable, result: tf.Tensor | undefined): number[][] {
  if (result?.size !== columns.length * rows.length) throw new Error(`there is no ${symbol} of this size`);
  const numbers = [...result.dataSync()];
  return rows.map((_, n) => numbers.slice(n * columns.length, (n + 1) * columns.length));
}
