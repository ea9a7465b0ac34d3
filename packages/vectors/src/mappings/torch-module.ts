import { explain, type TensorLike } from '@heed/core';
import { fromTorch, type FromTorchOptions, type TorchKind, type TorchModule, type TorchOptionsOf } from '@heed/torch';
import { flagIn, type Mapped, type NamedTensors } from '../mapping.js';
import { tensorsOf, type VectorCase } from '../vector-case.js';

/** A module of PyTorch with the parameters of a case. */
export const moduleOf = <Kind extends TorchKind>(
  test: VectorCase,
  options: FromTorchOptions & { readonly kind: Kind } & TorchOptionsOf<Kind>,
): TorchModule<Kind> => fromTorch(tensorsOf(test, 'param'), options);

/** What a mapping says of the modules that it computes with: their variables by the case's names, and how they are freed. */
export const ofModules = (...modules: readonly Pick<TorchModule, 'prefix' | 'parameters' | 'dispose'>[]) => ({
  variables: Object.assign({}, ...modules.map(variablesOf)) as NamedTensors,
  dispose() {
    for (const module of modules) module.dispose();
  },
});

const variablesOf = ({ prefix, parameters }: Pick<TorchModule, 'prefix' | 'parameters'>): NamedTensors =>
  Object.fromEntries(
    Object.entries(parameters).map(([key, variable]) => [prefix === '' ? key : `${prefix}.${key}`, variable]),
  );

/** Whether the sequences of a case are [B, T, W], as they are unless it says otherwise. */
export const isBatchFirst = (test: VectorCase): boolean =>
  !('batch_first' in test.options) || flagIn(test, 'batch_first');

/** Axis of steps of a case's sequences: [B, T, W], [T, B, W], or [T, W] unbatched. */
export const axisOfSteps = (test: VectorCase): 0 | 1 => (flagIn(test, 'unbatched') || !isBatchFirst(test) ? 0 : 1);

/** Sizes of a call of attention. */
export interface AttentionSize {
  readonly batch: number;
  readonly heads: number;
  readonly queries: number;
  readonly keys: number;
  /** Of all heads. */
  readonly width: number;
}

/** How attention of these sizes runs; what masks it has besides is left out. */
export function pathOfAttention(size: AttentionSize): Pick<Mapped, 'path' | 'reasons'> {
  const { batch, heads, queries, keys, width } = size;
  const operand = (time: number): TensorLike => ({ shape: [batch, heads, time, width / heads], dtype: 'float32' });
  const [query, memory] = [operand(queries), operand(keys)];
  const { path, reasons } = explain({ op: 'dotProductAttention', query, key: memory, value: memory });
  return { path, reasons };
}

/** Batch and steps of a case's sequences. */
export function sizesOf(test: VectorCase, shape: readonly number[]): { readonly batch: number; readonly time: number } {
  const steps = axisOfSteps(test);
  return { batch: flagIn(test, 'unbatched') ? 1 : shape[1 - steps]!, time: shape[steps]! };
}
