import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { HeedError, type Explanation } from '@heed/core';
import type { OnnxCase } from './onnx-case.js';
import type { OnnxTensor } from './onnx-tensor.js';
import type { InputOf, OnnxOperator } from './signatures.js';

/** What an operator's adapter gives. */
export interface OperatorRun {
  /** Those that the case expects, by ONNX's names. */
  readonly outputs: Readonly<Record<string, Tensor>>;
  readonly path: Explanation['path'];
  readonly reasons: readonly string[];
}

/** [B, H, T, D] as it is, or [B, T, H·D] split into heads. */
export function splitHeads<Operator extends OnnxOperator>(
  test: OnnxCase<Operator>,
  name: InputOf<Operator>,
  count: number | undefined,
): Tensor4D {
  const input = required(test, name);
  const [batch, time, width] = input.shape as [number, number, number];
  if (input.shape.length === 4) return toTensor(input) as Tensor4D;
  if (input.shape.length !== 3 || !(count !== undefined && count > 0) || width % count !== 0) {
    cannot(test, `${name} [${input.shape}] can't be split into ${count ?? 'an unknown number of'} heads`);
  }
  return tf.transpose(tf.reshape(toTensor(input), [batch, time, count!, width / count!]), [0, 2, 1, 3]);
}

export function mergeHeads(tensor: Tensor4D): Tensor {
  const [batch, count, time, width] = tensor.shape;
  return tf.reshape(tf.transpose(tensor, [0, 2, 1, 3]), [batch, time, count * width]);
}

export function required<Operator extends OnnxOperator>(test: OnnxCase<Operator>, name: InputOf<Operator>): OnnxTensor {
  return (test.inputs as Partial<Record<string, OnnxTensor>>)[name] ?? cannot(test, `input ${name} is missing`);
}

export function toTensor({ dtype, shape, data }: Pick<OnnxTensor, 'dtype' | 'shape' | 'data'>): Tensor {
  return dtype === 'bool'
    ? tf.tensor(Uint8Array.from(data), [...shape], 'bool')
    : tf.tensor(Float32Array.from(data), [...shape], 'float32');
}

/** Refuses a case with an attribute that its adapter doesn't understand, or of another kind: none is ignored. */
export function checkAttributes(
  test: Pick<OnnxCase, 'name' | 'attributes' | 'texts' | 'graphs'>,
  numbers: readonly string[],
  { texts = [], graphs = [] }: { readonly texts?: readonly string[]; readonly graphs?: readonly string[] } = {},
): void {
  const unknown = [
    ...Object.keys(test.attributes).filter((name) => !numbers.includes(name)),
    ...Object.keys(test.texts ?? {}).filter((name) => !texts.includes(name)),
    ...Object.keys(test.graphs ?? {}).filter((name) => !graphs.includes(name)),
  ];
  if (unknown.length > 0) {
    cannot(test, `attribute ${unknown.join(', ')} is not one of ${[...numbers, ...texts, ...graphs].join(', ')}`);
  }
}

export function cannot({ name }: { readonly name: string }, reason: string): never {
  throw new HeedError('INVALID_ARGUMENT', { message: `${name} can't be mapped: ${reason}` });
}
