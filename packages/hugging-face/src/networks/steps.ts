import * as tf from '@tensorflow/tfjs-core';
import { replayable } from '@heed/core';
import { KeyValueCache } from '../layers/key-value-cache.js';
import type { Layer, Rows } from '../layers/layer.js';
import type { Turnings } from '../layers/turnings.js';
import { rowsAt, runTower, type Tower, type TowerTokens } from './tower.js';

/** A decoder, and what makes logits of its states. */
export interface DecoderParts {
  readonly tower: Tower;
  readonly head: Layer;
  readonly turnings: Turnings;
}

/** What a call of a decoder goes by besides its tokens. */
export interface Context {
  /** Which of all positions so far are real, [B, T]: 1 or 0; undefined when all are. */
  readonly present?: tf.Tensor2D | undefined;
  /** States of an encoder, and which of them are real. */
  readonly source?: { readonly rows: Rows; readonly present?: tf.Tensor2D | undefined } | undefined;
  /** Number of positions before. */
  readonly before: number;
}

/** Calls of a decoder on a cache of so many sequences. A call of one token each is done again where the backend can. */
export class Steps {
  readonly cache = new KeyValueCache();
  readonly #parts: DecoderParts;
  /** Positions of the call that is being made, and below what else it needs. */
  #positions: TowerTokens['positions'] = [];
  #context: Context = { before: 0 };
  /** How far each sequence's position is from the number of those before it. */
  #lags: readonly number[] = [];

  constructor(
    parts: DecoderParts,
    readonly batch: number,
  ) {
    this.#parts = parts;
  }

  /**
   * Logits after the last token of each sequence; to be called in a tidy.
   *
   * @returns [B, V]
   */
  next(tokens: TowerTokens, context: Context): tf.Tensor2D {
    const time = tokens.positions[0]!.length;
    // The first call asks for keys and values of the source too.
    if (time > 1 || context.before === 0) return this.#read(tokens, time, context);
    this.#follow(tokens.positions, context);
    const { present, source } = context;
    const { logits } = this.#step({
      ids: tf.tensor1d(tokens.ids as Int32Array, 'int32'),
      places: tf.tensor1d(tokens.places as Int32Array, 'int32'),
      ...(present && { present }),
      ...(source?.present && { presentOfSource: source.present }),
    });
    return logits as tf.Tensor2D;
  }

  readonly #step = replayable(({ ids, places, present, presentOfSource }) => {
    const { source, before } = this.#context;
    const tokens = {
      batch: this.batch,
      ids: ids as tf.Tensor1D,
      places: places as tf.Tensor1D,
      types: new Int32Array(this.batch),
      positions: this.#positions,
    };
    return {
      logits: this.#read(tokens, 1, {
        before,
        present: present as tf.Tensor2D | undefined,
        source: source && { rows: source.rows, present: presentOfSource as tf.Tensor2D | undefined },
      }),
    };
  });

  #read(tokens: TowerTokens, time: number, context: Context): tf.Tensor2D {
    const { tower, head, turnings } = this.#parts;
    const { last } = runTower(tower, tokens, { ...context, returnWeights: false, cache: this.cache, turnings });
    const ends = Int32Array.from({ length: this.batch }, (_, b) => (b + 1) * time - 1);
    return head(time === 1 ? last : rowsAt(last, ends));
  }

  /** Where sequences lag otherwise than before, what was recorded would count their positions wrong. */
  #follow(positions: TowerTokens['positions'], context: Context): void {
    const lags = positions.map((list) => context.before - list[0]!);
    if (lags.some((lag, b) => lag !== this.#lags[b])) this.#step.dispose();
    this.#lags = lags;
    this.#positions = positions;
    this.#context = context;
  }

  dispose(): void {
    this.#step.dispose();
    this.cache.dispose();
  }
}
