import * as tf from '@tensorflow/tfjs-core';
import { runStack, type Stack, type StackCall, type StackResult } from '../layers/block.js';
import type { RowNumbers, Rows } from '../layers/layer.js';
import type { TokenLimits, Tokens } from './tokens.js';

/** Embeddings of tokens and blocks on them: an encoder, or a decoder. */
export interface Tower extends TokenLimits {
  readonly embed: (tokens: EmbeddedTokens) => Rows;
  readonly stack: Stack;
  /** What a sequence is pooled to, which such models give besides: [B·T, E] → [B, E]. */
  readonly pool?: Pool | undefined;
}

/** Numbers of tokens, of their segments and of their positions, [B·T] each, which rows of tables are looked up by. */
export type EmbeddedTokens = Readonly<Record<'ids' | 'types' | 'places', RowNumbers>>;

export type Pool = (last: Rows, tokens: Tokens) => Rows;

/** Tokens of a batch as a tower takes them. */
export type TowerTokens = EmbeddedTokens & Pick<Tokens, 'batch' | 'positions'>;

/** States of a tower. */
export function runTower(tower: Tower, tokens: TowerTokens, call: Omit<StackCall, 'batch' | 'positions'>): StackResult {
  const { batch, positions } = tokens;
  return runStack(tower.stack, tower.embed(tokens), { ...call, batch, positions });
}

/** The token of each sequence at a place that its ids tell: [B·T, E] → [B, E]. */
export const placesOf =
  (placeOf: (ids: Int32Array) => number): Pool =>
  (last, { batch, time, ids }) =>
    rowsAt(
      last,
      Int32Array.from({ length: batch }, (_, b) => b * time + placeOf(ids.subarray(b * time, (b + 1) * time))),
    );

/** The first token of each sequence. */
export const firstOf = placesOf(() => 0);

/** The last token of each sequence that isn't the pad. */
export const lastOf = (pad: number): Pool =>
  placesOf((ids) =>
    Math.max(
      ids.findLastIndex((id) => id !== pad),
      0,
    ),
  );

export const rowsAt = (rows: Rows, at: Int32Array): Rows => tf.gather(rows, tf.tensor1d(at, 'int32'));
