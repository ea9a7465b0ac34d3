import * as tf from '@tensorflow/tfjs-core';
import { gatherState } from '@heed/attention';
import { tidy, under, within, type Encoded, type GraphTensors, type PaddedIds } from '@heed/nn';
import { rowsOf, type Walk, type WalkStep } from '../decoding/walk.js';
import { takeRows } from '../graphs/rows.js';
import type { SourceMemory } from './attention.js';
import type { Decoder, DecoderState } from './decoder.js';
import type { ReplayedSteps } from './steps.js';

/** Steps of a recurrent decoder, holding its state between them. Takes the memory over. */
export function recurrentWalk(decoder: Decoder, memory: SourceMemory, encoded: Encoded, beams: number): Walk {
  let state = tidy(() => {
    const start = decoder.start(encoded, memory);
    return beams === 1 ? start : gathered(start, eachTimes(encoded.memory.shape[0], beams));
  });
  return {
    step(ids, rows) {
      const before = state;
      const { state: next, ...step } = tidy(() => {
        const from = rows === undefined ? before : gathered(before, rows);
        return decoder.step(memory, from, ids, { beams, returnWeights: true, returnLogSumExp: true });
      });
      disposeState(before);
      state = next;
      return step;
    },
    keep(sources) {
      const before = state;
      memory.keep(sources);
      state = tidy(() => gathered(before, rowsOf(sources, beams)));
      disposeState(before);
    },
    dispose() {
      disposeState(state);
      memory.dispose();
    },
  };
}

/** The same from sources of one length, whose steps are done again where the backend can. */
export function equalWalk({ encode, step }: ReplayedSteps, { ids, batch, time }: PaddedIds, beams: number): Walk {
  const encoded = tidy(() => encode({ source: tf.tensor2d(ids, [batch, time], 'int32') }));
  let memory: GraphTensors = under('memory', within('memory', encoded));
  let state: GraphTensors = under('state', within('state', encoded));
  if (beams > 1) state = takeRows(state, eachTimes(batch, beams));
  return {
    step(ids, rows) {
      const before = state;
      const made = tidy(() =>
        step({
          symbol: tf.tensor1d(ids, 'int32'),
          ...(rows && { rows: tf.tensor1d(rows, 'int32') }),
          ...memory,
          ...before,
        }),
      );
      disposeAll(before);
      state = under('state', within('next', made));
      return Object.fromEntries(
        Object.entries(made).filter(([name]) => !name.startsWith('next/')),
      ) as unknown as WalkStep;
    },
    keep(sources) {
      memory = takeRows(memory, sources);
      state = takeRows(state, rowsOf(sources, beams));
    },
    dispose() {
      disposeAll(state);
      disposeAll(memory);
    },
  };
}

const disposeAll = (tensors: GraphTensors): void => tf.dispose(Object.values(tensors));

/** The state whose row i is row rows[i] of another. */
function gathered({ cell, fed, attention }: DecoderState, rows: Int32Array): DecoderState {
  const index = tf.tensor1d(rows, 'int32');
  return {
    cell: tf.gather(cell, index),
    ...(fed && { fed: tf.gather(fed, index) }),
    ...(attention && { attention: gatherState(attention, rows) }),
  };
}

/** 0, 0, 1, 1, … */
const eachTimes = (rows: number, times: number): Int32Array =>
  Int32Array.from({ length: rows * times }, (_, n) => Math.floor(n / times));

function disposeState({ cell, fed, attention = {} }: DecoderState): void {
  tf.dispose([cell, ...(fed ? [fed] : []), ...Object.values(attention)]);
}
