import * as tf from '@tensorflow/tfjs-core';
import type { serialization, Tensor } from '@tensorflow/tfjs-core';
import type { Shape } from '@tensorflow/tfjs-layers';
import { HeedError, type OptionNames } from '@heed/base';
import { causal, both, dense, dropoutFactor, type Dropout, type Mask } from '@heed/core';
import { KerasLayer, type CallArguments, type CallShapes, type LayerArgs } from '../keras-layer.js';
import { causalMask, toBool } from './bools.js';
import { broadcasts } from './broadcasts.js';
import { DropoutSeeds } from './dropout.js';
import { checkRate } from './head-args.js';
import { onlyRows } from './rows.js';
import { withUniformRows, type Weighed, type WeighOptions } from './uniform-rows.js';

export interface ScoreArgs extends LayerArgs {
  /** Whether there is a weight `scale`. */
  readonly useScale?: boolean;
  /** Part of the weights that is dropped in training, in [0, 1); 0 by default. */
  readonly dropout?: number;
  /** Seed of dropout, a whole number; another one each time by default. */
  readonly seed?: number | null;
}

/** The names of these arguments. */
export const SCORE_ARGS: OptionNames<Omit<ScoreArgs, keyof LayerArgs>> = { useScale: true, dropout: true, seed: true };

/** What `Attention` and `AdditiveAttention` of Keras have in common. Axes: [..., Tq, D] for queries, [..., Tk, D] and [..., Tk, Dv] for keys and values. */
export abstract class ScoreLayer extends KerasLayer {
  readonly argumentNames = ['inputs', 'mask', 'training', 'returnAttentionScores', 'useCausalMask'];
  override supportsMasking = true;
  protected readonly useScale: boolean;
  private readonly dropout: number;
  private readonly seed: number | undefined;
  private readonly seeds: DropoutSeeds;

  constructor(args: ScoreArgs, useScale: boolean) {
    super(args);
    const { dropout = 0, seed } = args;
    checkRate(`${this.name}: dropout`, dropout);
    this.useScale = args.useScale ?? useScale;
    this.dropout = dropout;
    this.seed = seed ?? undefined;
    this.seeds = new DropoutSeeds(dropout, this.seed);
  }

  /** The op on queries [B, Tq, D], keys [B, Tk, D] and values [B, Tk, Dv]. */
  protected abstract weigh(query: Tensor, key: Tensor, values: Tensor, options: WeighOptions): Weighed;

  override byPosition<T>(tensors: readonly T[]): Readonly<Record<string, readonly T[]>> {
    return { inputs: tensors };
  }

  override computeMask(_inputs: Tensor | Tensor[], mask?: Tensor | Tensor[]): Tensor {
    const [own = null] = [mask ?? null].flat();
    return own as Tensor; // TensorFlow.js's types know no null here, and its code expects it
  }

  override run(given: CallArguments): Tensor | Tensor[] {
    const [query, value, key = value] = checkList(this.name, 'inputs', given['inputs']) as Tensor[];
    const [queryMask, valueMask] = masksOf(this.name, given['mask']) as (Tensor | undefined)[];
    const rows = query.shape.slice(0, -1);
    const scores = [...rows, value.shape.at(-2)!];
    const [q, k, v] = [query, key, value].map(asBatch);
    const mask = this.mask(scores, valueMask, given['useCausalMask'] === true);
    const dropout = this.seeds.next(given['training']);
    const returnWeights = given['returnAttentionScores'] === true;
    const { context, weights } =
      mask === undefined || valueMask === undefined
        ? this.weigh(q, k, v, { mask, dropout, returnWeights, returnLogSumExp: false, factor: 1 })
        : withUniformRows((values, options) => this.weigh(q, k, values, options), v, { mask, dropout, returnWeights });
    const spread = tf.reshape(context, [...rows, value.shape.at(-1)!]);
    const output = queryMask === undefined ? spread : whereRows(this.name, queryMask, spread);
    return weights === undefined ? output : [output, tf.reshape(dropped(weights, dropout), scores)];
  }

  override outputShapes(given: CallArguments): Shape | Shape[] {
    const [query, value] = checkList(this.name, 'inputs', given['inputs']) as Shape[];
    masksOf(this.name, given['mask']);
    const output = [...query.slice(0, -1), value.at(-1)!];
    return given['returnAttentionScores'] === true ? [output, [...query.slice(0, -1), value.at(-2)!]] : output;
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), useScale: this.useScale, dropout: this.dropout, seed: this.seed ?? null };
  }

  /** Shapes of query, value and key. */
  protected shapesOf({ inputs }: CallShapes): readonly Shape[] {
    return checkList(this.name, 'inputs', inputs) as Shape[];
  }

  /** The mask as a value, or as Keras's tensor where that aligns it otherwise. */
  private mask(scores: readonly number[], valueMask: Tensor | undefined, isCausal: boolean): Mask | undefined {
    const [queries, keys] = scores.slice(-2);
    const triangle = isCausal ? [causal({ align: 'top-left' })] : [];
    if (valueMask === undefined) return isCausal ? triangle[0] : undefined;
    const bools = toBool(valueMask);
    if (scores.length === 3 && bools.rank === 2) {
      checkFit(this.name, [bools.shape[0], 1, bools.shape[1]!], scores);
      return both(dense(tf.broadcastTo(bools, [scores[0], keys]), { axes: 'bk' }), ...triangle);
    }
    const wide = isCausal || bools.rank === 2 ? tf.expandDims(bools, -2) : bools;
    const joined = isCausal ? tf.logicalAnd(wide, causalMask(queries, keys)) : wide;
    checkFit(this.name, joined.shape, scores);
    return dense(tf.reshape(tf.broadcastTo(joined, [...scores]), [-1, queries, keys]), { axes: 'bqk' });
  }
}

/** [..., T, D] → [B, T, D] */
const asBatch = (x: Tensor): Tensor => (x.rank === 3 ? x : tf.reshape(x, [-1, ...x.shape.slice(-2)]));

/** Outputs [..., Tq, Dv], 0 where the mask [..., Tq] says so. */
function whereRows(what: string, mask: Tensor, output: Tensor): Tensor {
  const rows = tf.expandDims(toBool(mask), -1);
  checkFit(what, rows.shape, output.shape);
  const leading = output.shape.slice(0, -1);
  return onlyRows(output, tf.broadcastTo(rows, [...leading, 1]));
}

/** Weights after dropout, as these layers return them. */
function dropped(weights: Tensor, dropout: Dropout | undefined): Tensor {
  if (dropout === undefined) return weights;
  const factorOf = dropoutFactor(dropout);
  const factors = Float32Array.from({ length: weights.size }, (_, n) => factorOf(n));
  return tf.mul(weights, tf.tensor(factors, weights.shape));
}

function checkFit(what: string, mask: readonly number[], full: readonly number[]): void {
  if (mask.length <= full.length && broadcasts(mask, full)) return;
  throw new HeedError('SHAPE_MISMATCH', {
    message: `${what}: a mask of shape [${mask}] doesn't broadcast to [${full}]`,
    hint: 'mask is [queryMask, valueMask]: [B, Tq] and [B, Tk], or null',
    details: { mask, full },
  });
}

function checkList(what: string, name: string, list: unknown): readonly unknown[] {
  if (
    Array.isArray(list) &&
    (list.length === 2 || list.length === 3) &&
    list.every((item) => typeof item !== 'number')
  ) {
    return list;
  }
  throw new HeedError('INVALID_ARGUMENT', {
    message: `${what}: ${name} is ${Array.isArray(list) ? `a list of ${list.length}` : 'no list'}`,
    hint: name === 'mask' ? 'a list: [queryMask, valueMask]' : 'a list: [query, value] or [query, value, key]',
  });
}

const masksOf = (what: string, mask: unknown): readonly unknown[] =>
  mask === undefined ? [] : checkList(what, 'mask', mask).map((item) => item ?? undefined);
