import * as tf from '@tensorflow/tfjs-core';
import { staysBelow } from '@heed/core';
import { MODEL_OPS, pathOfModelOp, type RotaryTables } from '@heed/core/model-ops';
import { angleTables } from './angle-tables.js';
import { extent, positionLists } from './position-lists.js';
import { rotary, turnByTables, type RotaryPlaces } from './rotary.js';
import type { RotaryConfig } from './rotary-config.js';
import { scaledFrequencies } from './rotary-frequencies.js';

/** Turns queries and keys of one configuration by their positions. */
export interface Turning {
  /** @param x [B, H, T, D], D being the width that the configuration is for */
  turn(x: tf.Tensor4D, places: RotaryPlaces): tf.Tensor4D;
}

/** What turns in a mechanism: its rotary settings, and the width D of its queries and keys. */
export interface Turned {
  readonly config: RotaryConfig;
  readonly width: number;
}

/** Turns with tables that are made for each call: of a mechanism that owns nothing. */
export const turningAnew = ({ config }: Turned): Turning => ({
  turn: (x, places) => rotary(x, { ...config, ...places }),
});

/** First tables are of so many positions. */
const LEAST_POSITIONS = 64;

/** Tables end here, at 32 MiB for 64 pairs; farther positions get tables of their own. */
const MOST_POSITIONS = 2 ** 16;

/**
 * Turns with tables of positions 0, 1, … that are made once, live on the device, and double when they are too short: a step of decoding
 * is one call, and sends no angles to the device. They live until `dispose`, whatever `tf.tidy` they are made in. Without a kernel that reads
 * them, taking rows out of them costs more than making these rows.
 */
export class TableTurning implements Turning {
  readonly #turned: Turned;
  readonly #most: number;
  #tables: RotaryTables;

  constructor(turned: Turned) {
    this.#turned = turned;
    const { scaling } = turned.config;
    // With 'dynamic', longer texts have frequencies of their own.
    this.#most = Math.min(MOST_POSITIONS, scaling?.kind === 'dynamic' ? scaling.maxPositions : MOST_POSITIONS);
    this.#tables = this.#make(Math.min(LEAST_POSITIONS, this.#most));
  }

  turn(x: tf.Tensor4D, places: RotaryPlaces): tf.Tensor4D {
    const { config } = this.#turned;
    const [batch, , time] = x.shape;
    const anew = (): tf.Tensor4D => rotary(x, { ...config, ...places });
    if (x.size === 0 || pathOfModelOp(MODEL_OPS.rotaryEmbedding) === 'composed') return anew();
    const lists = positionLists({ offset: undefined, positions: undefined, ...places }, batch, time);
    const { first, last } = extent(lists);
    if (first < 0 || last >= this.#most) return anew();
    if (last >= this.#tables.cos.shape[0]) this.#grow(last + 1);
    staysBelow(last, this.#tables.cos.shape[0]);
    return turnByTables(x, this.#tables, config.layout, lists);
  }

  dispose(): void {
    tf.dispose([this.#tables.cos, this.#tables.sin]);
  }

  #grow(positions: number): void {
    const old = this.#tables;
    this.#tables = this.#make(Math.min(Math.max(positions, 2 * old.cos.shape[0]), this.#most));
    tf.dispose([old.cos, old.sin]);
  }

  #make(positions: number): RotaryTables {
    const { config, width } = this.#turned;
    const frequencies = scaledFrequencies(config.width ?? width, config, positions);
    const { cos, sin } = angleTables(
      frequencies,
      Array.from({ length: positions }, (_, p) => p),
    );
    return { cos: tf.keep(cos), sin: tf.keep(sin) };
  }
}
