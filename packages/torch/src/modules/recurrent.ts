import { HeedError } from '@heed/base';
import { checkOptions, checkTensor, type OptionNames } from '@heed/core';
import { firstColumns } from '@heed/core/model-ops';
import { BoundParameters, createReader, eachStep } from '@heed/nn';
import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import type { Shape } from '../state/shapes.js';
import type { Tree } from '../state/tree.js';
import type { Converted, ModuleDefinition } from './definition.js';
import { layoutOf, type Layout } from './layout.js';
import { batchFirst, type SequenceOptions } from './options.js';
import { isRecurrent, recurrentShapes, type Gates } from './recurrent-shapes.js';
import { READER, readerConfig, readerParameters } from './reader.js';

/** Where a recurrent module begins, and where its sequences end. */
export interface RecurrentCallOptions {
  /** How many steps each sequence has, in place of `pack_padded_sequence`: [B] whole numbers in [0, T], in any order. All T by default. */
  readonly lengths?: ArrayLike<number> | tf.Tensor1D;
  /** h before the first steps, [layers·directions, B, H]; zeros by default. */
  readonly h0?: tf.Tensor;
}

export interface LstmCallOptions extends RecurrentCallOptions {
  /** c before the first steps, likewise. With `h0` or not at all. */
  readonly c0?: tf.Tensor;
}

/** What a recurrent module gives: a type alias, which `tf.tidy` accepts as a result where it refuses an interface. */
export type RecurrentResult = {
  /** h of each step, laid out as the input, the directions side by side; 0 past a sequence's end. */
  readonly output: tf.Tensor;
  /** h after each cell's last step, [layers·directions, B, H]. */
  readonly hn: tf.Tensor;
};

export type LstmResult = RecurrentResult & {
  /** c after each cell's last step, likewise. */
  readonly cn: tf.Tensor;
};

/**
 * Reads sequences [T, B, X], [B, T, X] with `batchFirst`, or one, [T, X], whose states have no axis B.
 *
 * @throws HeedError SHAPE_MISMATCH, DTYPE_UNSUPPORTED, INVALID_ARGUMENT, UNKNOWN_OPTION, DISPOSED
 */
export type GruCall = (x: tf.Tensor, options?: RecurrentCallOptions) => RecurrentResult;

/** The same, with the state c of the cells. */
export type LstmCall = (x: tf.Tensor, options?: LstmCallOptions) => LstmResult;

const schema = v.strictObject({ batchFirst });
type Settings = Required<SequenceOptions>;

const GRU: OptionNames<RecurrentCallOptions> = { lengths: true, h0: true };
const LSTM: OptionNames<LstmCallOptions> = { ...GRU, c0: true };

/** `torch.nn.GRU`. */
export const gru: ModuleDefinition<'GRU', SequenceOptions, Settings, GruCall> = {
  kind: 'GRU',
  schema,
  recognises: (shapes) => isRecurrent(shapes, 3),
  expects: (shapes) => recurrentShapes('GRU', shapes, 3),
  convert: (state) => readerParameters(state, 'GRU'),
  create(converted, settings, shapes) {
    const read = readerOf('GRU', converted, settings, shapes);
    return (x, options = {}) => {
      checkOptions('GRU: call', options, GRU);
      const { output, states, stack } = read(x, options);
      return { output, hn: stack(states) };
    };
  },
};

/** `torch.nn.LSTM`. */
export const lstm: ModuleDefinition<'LSTM', SequenceOptions, Settings, LstmCall> = {
  kind: 'LSTM',
  schema,
  recognises: (shapes) => isRecurrent(shapes, 4),
  expects: (shapes) => recurrentShapes('LSTM', shapes, 4),
  convert: (state) => readerParameters(state, 'LSTM'),
  create(converted, settings, shapes) {
    const read = readerOf('LSTM', converted, settings, shapes);
    return (x, options = {}) => {
      checkOptions('LSTM: call', options, LSTM);
      if ((options.h0 === undefined) !== (options.c0 === undefined)) {
        throw new HeedError('INVALID_ARGUMENT', {
          message: `LSTM: call has ${options.h0 === undefined ? 'c0 without h0' : 'h0 without c0'}`,
          hint: 'give both, or neither',
        });
      }
      const { output, states, units, stack } = read(x, options);
      return {
        output,
        hn: stack(states.map((both) => firstColumns(both, units))),
        cn: stack(states.map((both) => tf.slice(both, [0, units]))),
      };
    };
  },
};

interface Read {
  readonly output: tf.Tensor;
  /** Each cell's, [B, S]. */
  readonly states: readonly tf.Tensor2D[];
  readonly units: number;
  /** States of cells as PyTorch has them. */
  stack(states: readonly tf.Tensor2D[]): tf.Tensor;
}

function readerOf(
  kind: keyof Gates,
  converted: Converted,
  { batchFirst }: Settings,
  shapes: Tree<Shape>,
): (x: tf.Tensor, options: LstmCallOptions) => Read {
  const { inputWidth, ...config } = readerConfig(shapes, kind);
  const { units } = config;
  const reader = createReader(config, new BoundParameters(converted), READER, inputWidth);
  const cells = config.layers * reader.directions.length;
  return (x, { lengths, h0, c0 }) => {
    const layout = layoutOf(`${kind}: x`, x, batchFirst);
    const sequences = layout.sequences(`${kind}: x`, x, inputWidth);
    const [batch] = sequences.shape;
    const statesOf = (name: string, given: tf.Tensor | undefined): readonly tf.Tensor3D[] => {
      if (given === undefined) return [];
      checkTensor(`${kind}: ${name}`, given, { axes: layout.isBatched ? [cells, batch, units] : [cells, units] });
      return [tf.reshape(given, [cells, batch, units])];
    };
    const start = [...statesOf('h0', h0), ...statesOf('c0', c0)];
    const { memory, states } = reader.readVectors(sequences, {
      lengths: lengths && lengthsOf(kind, lengths, batch),
      ...(start.length > 0 && { states: eachStep(tf.concat(start, 2)) }),
    });
    return { output: layout.back(memory), states, units, stack: (all) => stacked(layout, all) };
  };
}

function stacked(layout: Layout, states: readonly tf.Tensor2D[]): tf.Tensor {
  const all = tf.stack([...states]);
  return layout.isBatched ? all : tf.squeeze(all, [1]);
}

function lengthsOf(kind: string, lengths: ArrayLike<number> | tf.Tensor1D, batch: number): Int32Array {
  const numbers = lengths instanceof tf.Tensor ? lengths.dataSync() : lengths;
  const whole = Array.from(numbers, Number);
  if (whole.length === batch && whole.every((length) => Number.isInteger(length))) return Int32Array.from(whole);
  throw new HeedError('INVALID_ARGUMENT', {
    message: `${kind}: lengths are [${whole.slice(0, 8)}], of ${batch} sequences`,
    hint: 'one whole number for each sequence',
    details: { lengths: whole, batch },
  });
}
