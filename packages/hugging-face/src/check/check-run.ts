import * as tf from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/base';
import type { NumericArray } from '@heed/formats';
import type { Config } from '../config.js';
import type { PretrainedModel } from '../model.js';
import type { Inputs, Outputs } from '../networks/network.js';
import { camel } from '../files/names.js';
import { valuesOf, type Expected } from './expected.js';
import { resultOf, type CheckResult } from './result.js';

/** One run of a model: its inputs, and under which prefix the tensors are that it should give. */
export interface ExpectedRun {
  readonly model: string;
  readonly name: string;
  readonly run: Config;
  readonly prefix: string;
  /** Where the run's inputs may be tensors of. */
  readonly inputTensors: Expected['tensors'];
  readonly tensors: Expected['tensors'];
}

/** Every tensor that is expected of a run, held to it in the rows of real tokens. */
export async function checkRun(
  model: PretrainedModel,
  { model: label, name, run, prefix, inputTensors, tensors }: ExpectedRun,
  tolerance: number,
): Promise<readonly CheckResult[]> {
  const inputs = run.section('inputs').json;
  const outputs = withLast(
    model.run(valuesOf(inputs, inputTensors) as Inputs, {
      ...(run.has('params') && valuesOf(run.section('params').json, {})),
      attentions: true,
      hiddenStates: true,
    }),
  );
  try {
    const results: CheckResult[] = [];
    for (const [key, wanted] of Object.entries(tensors)) {
      if (!key.startsWith(`${prefix}.`)) continue;
      const what = key.slice(prefix.length + 1);
      const found = outputOf(outputs, what);
      const difference = found === undefined ? Number.NaN : await largestDifference(found, wanted, what, inputs);
      results.push(
        resultOf(
          label,
          `${name}: ${what}`,
          difference,
          tolerance,
          found === undefined ? 'the model gives none' : undefined,
        ),
      );
    }
    return results;
  } finally {
    tf.dispose(outputs as tf.TensorContainer);
  }
}

/** The outputs with `lastLogits`, the logits of the last position. */
function withLast(outputs: Outputs): Readonly<Record<string, unknown>> {
  const { logits } = outputs;
  if (logits?.rank !== 3) return { ...outputs };
  const lastLogits = tf.tidy(() => tf.squeeze(tf.slice(logits, [0, logits.shape[1]! - 1], [-1, 1]), [1]));
  return { ...outputs, lastLogits };
}

/** An output by transformers' name for it: `hidden_states.1` is the second of a list. */
function outputOf(outputs: Readonly<Record<string, unknown>>, name: string): tf.Tensor | undefined {
  const [field, index] = name.split('.');
  const output = outputs[camel(field!)];
  const tensor: unknown = index === undefined ? output : Array.isArray(output) ? output[Number(index)] : undefined;
  return tensor instanceof tf.Tensor ? tensor : undefined;
}

/** Whether row t of sequence b is of a real token. */
type IsReal = (b: number, t: number) => boolean;

function realRows(name: string, shape: readonly number[], inputs: Config['json']): IsReal {
  const isDecoded = inputs.decoder_attention_mask !== undefined && !name.startsWith('encoder_');
  const mask = isDecoded ? inputs.decoder_attention_mask : inputs.attention_mask;
  if (!Array.isArray(mask) || name.startsWith('image_')) return () => true;
  const rows = mask as readonly (readonly number[])[];
  if (name === 'last_logits') return (b) => rows[b]?.at(-1) === 1;
  return shape.length < 3 ? () => true : (b, t) => rows[b]?.[t] === 1;
}

async function largestDifference(
  found: tf.Tensor,
  { shape: given, data }: NumericArray,
  name: string,
  inputs: Config['json'],
): Promise<number> {
  // Numbers without an axis of sequences are of the first one.
  const isOfFirst = given.length === found.rank - 1;
  const shape = isOfFirst ? [1, ...given] : given;
  const has = isOfFirst ? [1, ...found.shape.slice(1)] : found.shape;
  if (!tf.util.arraysEqual([...shape], has)) {
    throw new HeedError('SHAPE_MISMATCH', { message: `an output is [${found.shape}], and [${given}] is expected` });
  }
  const isReal = realRows(name, shape, inputs);
  const values = await found.data();
  // Rows are the axis before the last, of logits of a sequence there is one.
  const width = shape.at(-1) ?? 1;
  const rows = shape.length < 3 ? 1 : shape.at(-2)!;
  const ofSequence = shape.slice(1).reduce((size, length) => size * length, 1);
  let largest = 0;
  for (let n = 0; n < data.length; n++) {
    if (!isReal(Math.floor(n / ofSequence), Math.floor(n / width) % rows)) continue;
    const difference = Math.abs(values[n]! - data[n]!);
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}
