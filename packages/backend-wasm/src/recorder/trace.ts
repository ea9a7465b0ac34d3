import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Argument, Native } from '../engine-heap.js';
import type { Regions } from './region.js';

/** One call of a function that works in the heap. */
export interface Call {
  readonly work: Native;
  readonly given: Argument[];
  /** Which arguments may grow; undefined for a function of the engine, which is given tensors by their numbers. */
  readonly counts: readonly number[] | undefined;
}

/** Bytes that were written from outside. */
export interface Constant {
  readonly address: number;
  readonly bytes: Uint8Array;
}

/** A tensor's place. */
export interface Place {
  readonly address: number;
  readonly shape: number[];
  readonly dtype: TensorInfo['dtype'];
  readonly bytes: number;
}

/** All that was done to the heap for a function. */
export interface Trace {
  readonly inputs: readonly Place[];
  readonly outputs: readonly Place[];
  readonly calls: readonly Call[];
  readonly constants: readonly Constant[];
  /** The numbers that the engine's module knows tensors by, and where these stand. */
  readonly ids: ReadonlyMap<number, number>;
  readonly regions: Regions;
  /** Tensors that the function reads and didn't make. */
  readonly readings: ReadonlySet<TensorInfo>;
  /** Those of them that it writes to. */
  readonly writings: readonly TensorInfo[];
}

/** An argument that grows by one with each count. */
export interface Growing {
  readonly given: Argument[];
  readonly index: number;
  /** What it was when it was recorded. */
  readonly from: number;
}

/**
 * What grows between two traces of a function, of which the second was made when counts had moved on by so many.
 *
 * @returns or what else differs
 */
export function growth(first: Trace, second: Trace, ahead: number): Growing[] | string {
  if (first.calls.length !== second.calls.length) return 'it makes other calls';
  if (!sameConstants(first.constants, second.constants)) return 'it brings in other numbers';
  if (!samePlaces(first.outputs, second.outputs)) return 'its results are elsewhere';
  const growing: Growing[] = [];
  for (const [n, { work, given, counts }] of second.calls.entries()) {
    const earlier = first.calls[n]!;
    if (earlier.work !== work || earlier.given.length !== given.length) return 'it makes other calls';
    for (const [index, argument] of given.entries()) {
      const before = earlier.given[index]!;
      if (isSame(before, argument)) continue;
      if (counts === undefined && isSameTensor(first, before, second, argument)) continue;
      const grows = counts?.includes(index) && ahead > 0 && (argument as number) - (before as number) === ahead;
      if (!grows)
        return `argument ${index} of ${work.name || 'a function'} is ${show(argument)}, and was ${show(before)}`;
      growing.push({ given, index, from: argument as number });
    }
  }
  return growing;
}

const show = (argument: Argument): string => (argument instanceof Uint8Array ? `[${argument}]` : String(argument));

const isSame = (a: Argument, b: Argument): boolean =>
  a instanceof Uint8Array && b instanceof Uint8Array ? sameBytes(a, b) : Object.is(a, b);

/** Whether these are tensors that stand in the same place, or lists of such. */
function isSameTensor(first: Trace, a: Argument, second: Trace, b: Argument): boolean {
  const [ids, others] = [idsOf(a), idsOf(b)];
  return (
    ids.length === others.length &&
    ids.every((id, n) => {
      const address = first.ids.get(id);
      return id === others[n] || (address !== undefined && address === second.ids.get(others[n]!));
    })
  );
}

const idsOf = (argument: Argument): readonly number[] =>
  argument instanceof Uint8Array ? Array.from(new Int32Array(argument.buffer)) : [argument as number];

const samePlaces = (a: readonly Place[], b: readonly Place[]): boolean =>
  a.length === b.length && a.every(({ address, bytes }, n) => address === b[n]!.address && bytes === b[n]!.bytes);

const sameConstants = (a: readonly Constant[], b: readonly Constant[]): boolean =>
  a.length === b.length &&
  a.every(({ address, bytes }, n) => address === b[n]!.address && sameBytes(bytes, b[n]!.bytes));

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, n) => byte === b[n]);
