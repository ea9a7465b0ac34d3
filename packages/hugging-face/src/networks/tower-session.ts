import * as tf from '@tensorflow/tfjs-core';
import type { Rows } from '../layers/layer.js';
import type { Decoder } from './decoder.js';
import type { Session } from './network.js';
import { flatPositions, presentOf, type Ids } from './tokens.js';

export interface SessionParts {
  readonly decoder: Decoder;
  readonly prompts: Ids;
  /** Which tokens of the prompts are real, [B][T]. */
  readonly mask: Ids;
  /** States of an encoder, [B·Ts, E], and which of them are real. The session takes them over. */
  readonly source?: { readonly rows: Rows; readonly mask: Ids };
}

/** A session of a decoder, whose positions count real tokens. */
export function towerSession({ decoder, prompts, mask, source }: SessionParts): Session {
  let steps = decoder.take(prompts.length);
  let ofPrompts = mask;
  let ofSource = source?.mask;
  let counts: readonly number[] = mask.map((row) => row.filter((isReal) => isReal === 1).length);
  let length = 0;
  const presentOfSource = (): tf.Tensor2D | undefined =>
    ofSource && presentOf(Int32Array.from(ofSource.flat()), ofSource.length);
  return {
    prompts,
    next(ids) {
      const [batch, time, before] = [ids.length, ids[0]!.length, length];
      const positions =
        before === 0
          ? mask.map(realPositions)
          : counts.map((count) => Int32Array.from({ length: time }, (_, t) => count + t));
      if (before > 0) counts = counts.map((count) => count + time);
      length += time;
      return tf.tidy(() =>
        steps.next(
          {
            batch,
            ids: Int32Array.from(ids.flat()),
            types: new Int32Array(batch * time),
            places: flatPositions(positions),
            positions,
          },
          {
            before,
            // As wide as the cache, whose room the decoder's causal mask hides, so that steps are alike.
            present: presentUpTo(ofPrompts, Math.max(length, steps.cache.capacity)),
            source: source && { rows: source.rows, present: presentOfSource() },
          },
        ),
      );
    },
    gather(rows) {
      if (rows.length === steps.batch) {
        if (rows.some((row, n) => row !== n)) steps.cache.gather(rows);
      } else {
        const wider = decoder.take(rows.length);
        wider.cache.take(steps.cache, rows);
        decoder.give(steps);
        steps = wider;
      }
      const gathered = <T>(all: readonly T[]): T[] => Array.from(rows, (row) => all[row]!);
      ofPrompts = gathered(ofPrompts);
      counts = gathered(counts);
      // Of the states themselves the cache has what is needed.
      ofSource = ofSource && gathered(ofSource);
    },
    dispose() {
      decoder.give(steps);
      source?.rows.dispose();
    },
  };
}

/** Which of so many positions are real, where some of the prompts' aren't. */
function presentUpTo(mask: Ids, length: number): tf.Tensor2D | undefined {
  if (!mask.some((row) => row.includes(0))) return undefined;
  const present = mask.map((row) => [...row, ...Array.from({ length: length - row.length }, () => 1)]);
  return tf.tensor2d(present, [mask.length, length], 'bool');
}

/** Positions as generate() of transformers has them: real tokens before, and 0 at pads. */
function realPositions(mask: readonly number[]): Int32Array {
  let count = 0;
  return Int32Array.from(mask, (isReal) => (isReal === 1 ? count++ : 0));
}
