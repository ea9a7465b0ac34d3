import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js'; // which tfjs-layers counts on
import { HeedError, uniform } from '@heed/base';
import { describeLayers, describeTotal, loadKeras, type KerasModel } from '@heed/keras';
import * as tf from '@tensorflow/tfjs-core';
import type { KerasAnswer, KerasFacts } from '../engine/jobs.js';
import { beforeSwitch } from './session.js';

type Files = Readonly<Record<string, Uint8Array>>;

const LARGEST_MODEL = 512 * 2 ** 20;
/** Length of an axis that may have any. */
const FREE = 6;
/** Numbers of an output that are shown. */
const SHOWN = 8;

/** Files that were opened last, from which the model is made again on another engine. */
let files: Files | undefined;
let model: KerasModel | undefined;

beforeSwitch(() => {
  model?.dispose();
  model = undefined;
});

/**
 * Opens a model from files by name.
 *
 * @throws HeedError FILE_INVALID, FILE_TOO_LARGE, UNKNOWN_NAME
 */
export async function openKeras(given: Files): Promise<KerasFacts> {
  const opened = load(given);
  model?.dispose();
  [model, files] = [opened, given];
  const { spec } = opened.graph;
  return {
    name: opened.name,
    parameters: describeTotal(opened.graph).parameters,
    layers: describeLayers(opened.graph).length,
    attention: opened.attentionLayers,
    inputs: opened.inputs.map(({ shape, dtype }, n) => {
      const random = uniform({ seed: 1, stream: 'inputs', name: n });
      return { name: spec.inputs[n]!.layer, shape, dtype, example: exampleOf(shape, dtype, symbolsOf(opened), random) };
    }),
  };
}

const load = (given: Files): KerasModel => loadKeras(given, { maxBytes: LARGEST_MODEL });

/** How many symbols the smallest of a model's embeddings knows, so that each of them takes the example. */
const symbolsOf = ({ graph }: Pick<KerasModel, 'graph'>): number =>
  Math.min(
    20,
    ...graph.members.map(({ spec, graph: inner }) => {
      const size =
        inner === undefined ? (spec.config['input_dim'] ?? spec.config['vocab_size']) : symbolsOf({ graph: inner });
      return typeof size === 'number' ? size : Infinity;
    }),
  );

/** One row of numbers in the shape of an input. */
function exampleOf(shape: readonly (number | null)[], dtype: string, symbols: number, random: () => number): unknown {
  const fill = ([length, ...rest]: readonly number[]): unknown =>
    length === undefined ? one(dtype, symbols, random) : Array.from({ length }, () => fill(rest));
  return fill([1, ...shape.slice(1).map((length) => length ?? FREE)]);
}

function one(dtype: string, symbols: number, random: () => number): number {
  if (dtype === 'bool') return 1;
  if (dtype === 'int32') return 1 + Math.floor(random() * (symbols - 1));
  return Math.round((2 * random() - 1) * 100) / 100;
}

/**
 * Runs the model on inputs, nested lists in its order.
 *
 * @throws HeedError INVALID_ARGUMENT, SHAPE_MISMATCH
 */
export async function runKeras(inputs: readonly unknown[]): Promise<KerasAnswer> {
  if (files === undefined) throw new HeedError('INVALID_ARGUMENT', { message: 'no model is open' });
  model ??= load(files);
  const tensors = inputs.map((input, n) => tensorOf(model!, n, input));
  const { outputs, attention } = model.attend(tensors);
  try {
    return {
      outputs: await Promise.all(
        outputs.map(async (output) => ({
          shape: output.shape,
          first: Array.from((await output.data()).subarray(0, SHOWN)),
        })),
      ),
      maps: (
        await Promise.all(
          attention
            .filter(({ weights }) => weights.rank === 4)
            .map(async ({ layer, call, weights }) => {
              const [, heads, rows, columns] = weights.shape as [number, number, number, number];
              const data = await weights.data<'float32'>();
              // Of the first row of the batch: a page has room for one.
              return Array.from({ length: heads }, (_, head) => ({
                layer,
                call,
                head,
                heads,
                weights: Array.from({ length: rows }, (_, i) =>
                  data.slice((head * rows + i) * columns, (head * rows + i + 1) * columns),
                ),
              }));
            }),
        )
      ).flat(),
    };
  } finally {
    tf.dispose([tensors, outputs, attention.map(({ weights }) => weights)]);
  }
}

function tensorOf({ inputs, graph }: KerasModel, n: number, value: unknown): tf.Tensor {
  const { shape } = inputs[n]!;
  const name = graph.spec.inputs[n]!.layer;
  const found: number[] = [];
  for (let part = value; Array.isArray(part); part = part[0]) found.push(part.length);
  const fits =
    found.length === shape.length && found.every((length, axis) => shape[axis] === null || shape[axis] === length);
  if (!fits)
    throw new HeedError('SHAPE_MISMATCH', {
      message: `input ${name} is [${found.join(', ')}], and the model takes [${shape.map((length) => length ?? 'any').join(', ')}]`,
    });
  const flat = (value as unknown[]).flat(Infinity).map(Number);
  if (flat.length !== found.reduce((size, length) => size * length, 1) || flat.some(Number.isNaN))
    throw new HeedError('INVALID_ARGUMENT', {
      message: `input ${name}: lists of the same depth differ in length, or hold no numbers`,
    });
  return tf.tensor(flat, found, graph.dtypeOf(name) as 'float32');
}
