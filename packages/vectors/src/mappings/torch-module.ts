import { explain, type TensorLike } from '@heed/core';
import { fromTorch, type FromTorchOptions, type TorchKind, type TorchModule, type TorchOptionsOf } from '@heed/torch';
import { flagIn, type Mapped, type NamedTensors } from '../mapping.js';
import { tensorsOf, type VectorCase } from '../vector-case.js';

/** Makes a module of PyTorch with the parameters of a case. */
export type MakeModule = <Kind extends TorchKind>(
  options: FromTorchOptions & { readonly kind: Kind } & TorchOptionsOf<Kind>,
) => TorchModule<Kind>;

/** A case that modules compute. They are freed with the mapping, and when it can't be made. */
export function mapModules(test: VectorCase, map: (make: MakeModule) => Omit<Mapped, 'variables' | 'dispose'>): Mapped {
  const modules: Pick<TorchModule, 'prefix' | 'parameters' | 'dispose'>[] = [];
  const dispose = (): void => modules.forEach((module) => module.dispose());
  try {
    const mapped = map((options) => {
      const module = fromTorch(tensorsOf(test, 'param'), options);
      modules.push(module);
      return module;
    });
    return { ...mapped, variables: Object.assign({}, ...modules.map(variablesOf)) as NamedTensors, dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

/** Variables by the names that a case has for them. */
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
  /** Width of all heads together. */
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
