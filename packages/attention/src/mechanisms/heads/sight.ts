import * as tf from '@tensorflow/tfjs-core';
import { both, materialize, resolveOffsets, type Mask } from '@heed/core';

/** The axes of scores. */
export type ScoreShape = Parameters<typeof materialize>[1];

/** What queries may attend to, in the terms of a state that is read in order. */
export interface Sight {
  /** Which positions take part, whatever the query: bool [N or 1, H or 1, 1, Tk]; undefined for all. */
  readonly present: tf.Tensor4D | undefined;
  /** Query i sees the positions up to `last` + i, where there are so many; undefined where each sees all. */
  readonly last: number | undefined;
}

/**
 * A mask as which positions there are and how far queries see, so that no table of queries and positions is made.
 *
 * @returns undefined where the mask says something else
 * @throws HeedError ALIGNMENT_REQUIRED
 */
export function sightOf(what: string, mask: Mask | undefined, shape: ScoreShape): Sight | undefined {
  let last = Infinity;
  const whole: Mask[] = [];
  for (const leaf of leavesOf(mask)) {
    if (leaf.kind === 'causal' || leaf.kind === 'slidingWindow') {
      const { left, right } = leaf.kind === 'causal' ? { left: Infinity, right: 0 } : leaf;
      const [offset = 0, ...others] = new Set(resolveOffsets(`${what}: ${leaf.kind}`, leaf, shape));
      const reachesBack = offset + shape.queries - 1 - left <= 0;
      if (others.length > 0 || !reachesBack) return undefined;
      last = Math.min(last, offset + right);
    } else if (isAlikeForQueries(leaf)) whole.push(leaf);
    else return undefined;
  }
  return {
    present: whole.length === 0 ? undefined : materialize(both(...whole), { ...shape, queries: 1 }),
    last: last < Infinity ? last : undefined,
  };
}

type Leaf = Exclude<Mask, { kind: 'both' }>;

function leavesOf(mask: Mask | undefined): readonly Leaf[] {
  if (mask === undefined) return [];
  return mask.kind === 'both' ? mask.masks.flatMap(leavesOf) : [mask];
}

function isAlikeForQueries(leaf: Leaf): boolean {
  if (leaf.kind !== 'dense') return leaf.kind === 'padding';
  const { tensor, axes } = leaf;
  const queries = axes === undefined ? tensor.rank - 2 : axes.indexOf('q');
  return queries < 0 || tensor.shape[queries] === 1;
}

/** Numbers of positions [N, H, Tk] or [N, H, Tk, W] where they take part, else 0: what is there, NaN included, reaches nothing. */
export function onlyPresent<T extends tf.Tensor>(x: T, present: tf.Tensor4D | undefined): T {
  if (present === undefined || x.size === 0) return x;
  const [rows, heads, , keys] = present.shape;
  const along = tf.reshape(present, [rows, heads, keys, 1].slice(0, x.rank));
  return tf.where(tf.broadcastTo(along, x.shape), x, tf.zerosLike(x));
}
