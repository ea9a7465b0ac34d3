import type * as tf from '@tensorflow/tfjs-core';
import { Waiting, replayable, type Replayable } from '@heed/core';
import { equalIds, tidy, under, within, type GraphTensors } from '@heed/nn';
import { ofEach, tensorsOf } from '../graphs/caches.js';
import type { Decoder } from './decoder.js';
import type { Encoder } from './encoder.js';

/** `source` [B, T] → `memory/…`, keys and values of the source for each block. */
export const encodeSources = (encoder: Encoder, decoder: Decoder, source: tf.Tensor): GraphTensors =>
  tidy(() => under('memory', tensorsOf(decoder.prepare(encoder(equalIds(source))))));

/** Room of a session's caches at first. */
const FIRST_ROOM = 32;

/** Decoding with caches of its own, which one search after another may use. */
export interface Session {
  /** How many rows of symbols are written. */
  readonly rows: number;
  /**
   * One step: `symbol` before [N], `memory/…`, and `rows` [N] where a row goes on from another one's caches → `logits`, `context`, `weights`, and
   * `gates` where there are such.
   */
  step(given: GraphTensors): GraphTensors;
  /** Goes on with these rows alone: row i is what rows[i] was. */
  keep(rows: Int32Array): void;
  /** Forgets what was written. */
  restart(): void;
  dispose(): void;
}

function createSession(decoder: Decoder, rows: number): Session {
  const caches = decoder.emptyCaches(rows, FIRST_ROOM);
  const step = replayable(({ symbol, place, rows: order, ...given }) => {
    if (order !== undefined) for (const cache of caches) cache.reorder(order as tf.Tensor1D);
    const sources = decoder.restoreSources(ofEach(within('memory', given)));
    return { ...decoder.step(sources, caches, symbol as tf.Tensor1D, (place as tf.Tensor2D | undefined) ?? 0) };
  });
  return {
    get rows() {
      return caches[0]!.batch;
    },
    keep: (kept) => caches.forEach((cache) => cache.reorder(kept)),
    step: (given) => tidy(() => step({ ...given, ...(decoder.sines && { place: decoder.sines(caches[0]!.length) }) })),
    restart: () => caches.forEach((cache) => cache.truncate(0)),
    dispose() {
      step.dispose();
      for (const cache of caches) cache.dispose();
    },
  };
}

/** An encoder, and sessions of its decoder, done again where the backend can. */
export interface ReplayedSteps {
  readonly encode: Replayable;
  /** A session of so many rows, for one search. */
  take(rows: number): Session;
  /** Takes a session back. */
  give(session: Session): void;
  dispose(): void;
}

export function replayedSteps(encoder: Encoder, decoder: Decoder): ReplayedSteps {
  const encode = replayable(({ source }) => encodeSources(encoder, decoder, source!));
  const waiting = new Waiting<Session>();
  return {
    encode,
    take: (rows) => waiting.take((session) => session.rows === rows) ?? createSession(decoder, rows),
    give: (session) =>
      waiting.give(session, () => {
        session.restart();
        return true;
      }),
    dispose() {
      encode.dispose();
      waiting.dispose();
    },
  };
}
