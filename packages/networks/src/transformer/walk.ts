import * as tf from '@tensorflow/tfjs-core';
import { rowsOf, type Walk, type WalkStep } from '../decoding/walk.js';
import { tidy, type GraphTensors, type PaddedIds } from '@heed/nn';
import { takeRows } from '../graphs/rows.js';
import type { Decoder } from './decoder.js';
import type { ReplayedSteps, Session } from './steps.js';

/** Steps of a transformer's decoder, holding the keys and values of what was written. */
export function transformerWalk(decoder: Decoder, memory: tf.Tensor3D, lengths: Int32Array, beams: number): Walk {
  const sources = decoder.prepare(memory, lengths);
  const caches = decoder.emptyCaches(lengths.length * beams);
  let place = 0;
  return {
    step(ids, rows) {
      if (rows !== undefined) for (const cache of caches) cache.reorder(rows);
      return tidy(() => decoder.step(sources, caches, ids, place++));
    },
    keep(kept) {
      for (const source of sources) source.reorder(kept);
      const rows = rowsOf(kept, beams);
      for (const cache of caches) cache.reorder(rows);
    },
    dispose() {
      for (const prepared of [...sources, ...caches]) prepared.dispose();
    },
  };
}

/** The same from sources of one length, whose steps are done again where the backend can. */
export function equalWalk(steps: ReplayedSteps, { ids, batch, time }: PaddedIds, beams: number): Walk {
  let memory: GraphTensors = tidy(() => steps.encode({ source: tf.tensor2d(ids, [batch, time], 'int32') }));
  let session: Session | undefined = steps.take(batch * beams);
  return {
    step: (symbols, rows) =>
      tidy(() =>
        session!.step({
          symbol: tf.tensor1d(symbols, 'int32'),
          ...(rows && { rows: tf.tensor1d(rows, 'int32') }),
          ...memory,
        }),
      ) as unknown as WalkStep,
    keep(sources) {
      memory = takeRows(memory, sources);
      session!.keep(rowsOf(sources, beams));
    },
    dispose() {
      if (session === undefined) return;
      tf.dispose(Object.values(memory));
      steps.give(session);
      session = undefined;
    },
  };
}
