import * as tf from '@tensorflow/tfjs-core';
import type { Session } from './network.js';
import { KeyValueCache } from '../layers/key-value-cache.js';
import type { Layer, Rows } from '../layers/layer.js';
import { presentOf, type Ids } from './tokens.js';
import { runTower, rowsAt, type Tower } from './tower.js';

export interface SessionParts {
  readonly tower: Tower;
  /** What makes logits of states. */
  readonly head: Layer;
  readonly prompts: Ids;
  /** Which tokens of the prompts are real, [B][T]. */
  readonly mask: Ids;
  /** States of an encoder, [B·Ts, E], and which of them are real. The session takes them over. */
  readonly source?: { readonly rows: Rows; readonly mask: Ids };
}

/** A session of a decoder, whose positions count real tokens. */
export function towerSession({ tower, head, prompts, mask, source }: SessionParts): Session {
  const cache = new KeyValueCache();
  let seen: Ids = prompts.map(() => []);
  let ofSource = source?.mask;
  return {
    prompts,
    next(ids) {
      const before = seen[0]!.length;
      const time = ids[0]!.length;
      seen = seen.map((row, b) => [...row, ...(before === 0 ? mask[b]! : ids[b]!.map(() => 1))]);
      const tokens = {
        batch: ids.length,
        time,
        ids: Int32Array.from(ids.flat()),
        mask: Int32Array.from(seen.flat()),
        types: new Int32Array(ids.length * time),
        positions: seen.map((row) => realPositions(row).subarray(before)),
      };
      return tf.tidy(() => {
        const { last } = runTower(tower, tokens, {
          present: presentOf(tokens.mask, tokens.batch),
          returnWeights: false,
          cache,
          before,
          ...(source !== undefined && {
            source: { rows: source.rows, present: presentOf(flat(ofSource!), ids.length) },
          }),
        });
        return head(
          rowsAt(
            last,
            Int32Array.from(ids, (_, b) => (b + 1) * time - 1),
          ),
        );
      });
    },
    gather(rows) {
      cache.gather(rows);
      seen = Array.from(rows, (row) => seen[row]!);
      // Of the states themselves the cache has what is needed.
      ofSource = ofSource && Array.from(rows, (row) => ofSource![row]!);
    },
    dispose() {
      cache.dispose();
      source?.rows.dispose();
    },
  };
}

const flat = (rows: Ids): Int32Array => Int32Array.from(rows.flat());

/** Positions as generate() of transformers has them: real tokens before, and 0 at pads. */
function realPositions(mask: readonly number[]): Int32Array {
  let count = 0;
  return Int32Array.from(mask, (isReal) => (isReal === 1 ? count++ : 0));
}
