import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Shape } from '@tensorflow/tfjs-layers';
import { HeedError } from '@heed/base';
import { KerasLayer, type CallArguments, type CallShapes } from '../keras-layer.js';
import { AttentionAxes } from './axes.js';
import { DropoutSeeds } from './dropout.js';
import { headConfig, readHeadArgs, type HeadArgs, type HeadSettings } from './head-args.js';
import { attendWithHeads } from './heads.js';
import { Projection, type ProjectionArgs } from './projection.js';

/** Sizes of a layer with heads. */
export interface HeadSizes {
  /** Hq */
  readonly heads: number;
  /** Hk */
  readonly keyHeads: number;
  /** D */
  readonly keyDim: number;
  /** Dv */
  readonly valueDim: number;
  /** Axes of the output; as wide as the query by default. */
  readonly outputShape?: readonly number[] | undefined;
}

/** What `MultiHeadAttention` and `GroupQueryAttention` of Keras have in common. */
export abstract class HeadLayer extends KerasLayer {
  readonly argumentNames = [
    'query',
    'value',
    'key',
    'queryMask',
    'valueMask',
    'keyMask',
    'attentionMask',
    'returnAttentionScores',
    'training',
    'useCausalMask',
  ];
  override supportsMasking = true;
  protected readonly settings: HeadSettings;
  private readonly seeds: DropoutSeeds;
  private readonly queryDense: Projection;
  private readonly keyDense: Projection;
  private readonly gateDense: Projection | undefined;
  private readonly valueDense: Projection;
  private readonly outputDense: Projection;

  constructor(
    args: HeadArgs,
    protected readonly sizes: HeadSizes,
  ) {
    super(args);
    this.settings = readHeadArgs(this.name, args);
    this.seeds = new DropoutSeeds(this.settings.dropout, this.settings.seed);
    const { heads, keyHeads, keyDim, valueDim, outputShape } = sizes;
    const part = (
      attribute: string,
      name: string,
      outputs: (shape: Shape) => readonly number[],
      more: Partial<ProjectionArgs> = {},
    ): Projection => {
      const { useBias, kernel, bias, activity } = this.settings;
      const projection = new Projection({ name, outputs, bound: 1, useBias, kernel, bias, activity, ...more });
      return this.track(attribute, projection, name);
    };
    this.queryDense = part('query_dense', 'query', () => [heads, keyDim]);
    this.keyDense = part('key_dense', 'key', () => [keyHeads, keyDim]);
    this.gateDense = this.settings.useGate
      ? part('gate_dense', 'gate', () => [heads, valueDim], { activation: tf.sigmoid })
      : undefined;
    this.valueDense = part('value_dense', 'value', () => [keyHeads, valueDim]);
    this.outputDense = part('output_dense', 'attention_output', () => outputShape ?? [this.width!], { bound: 2 });
  }

  /** Width of the query, which is that of the output where none was asked for. */
  private width: number | undefined;

  /** Number of axes of the query for which the layer was built. */
  protected rank: number | undefined;

  /** Axes that are attended over in a query of this rank, counted in its projection. */
  protected abstract attended(rank: number): readonly number[];

  /** One tensor attends to itself. */
  override byPosition<T>(
    tensors: readonly T[],
    named: readonly string[] = [],
  ): Readonly<Record<string, T | readonly T[]>> {
    return super.byPosition(tensors.length === 1 && !named.includes('value') ? [tensors[0], tensors[0]] : tensors);
  }

  override buildFor(shapes: CallShapes): void {
    const { query, value, key } = checkShapes(this.name, shapes);
    this.width = query.at(-1)!;
    this.rank = query.length;
    this.buildSublayer(this.queryDense, query);
    this.buildSublayer(this.keyDense, key);
    if (this.gateDense !== undefined) this.buildSublayer(this.gateDense, query);
    this.buildSublayer(this.valueDense, value);
    this.buildSublayer(this.outputDense, [...query.slice(0, -1), this.sizes.heads, this.sizes.valueDim]);
  }

  override run(given: CallArguments): Tensor | Tensor[] {
    const { query, value, key = value, queryMask, valueMask, keyMask, attentionMask } = given as Record<string, Tensor>;
    checkShapes(this.name, { query: query?.shape, value: value?.shape, key: key?.shape });
    const attended = this.attended(query.rank);
    const returnScores = given['returnAttentionScores'] === true;
    const training = given['training'];
    const projected = this.queryDense.of(query, training);
    const { context, scores } = attendWithHeads({
      query: projected,
      key: this.keyDense.of(key, training),
      value: this.valueDense.of(value, training),
      axes: new AttentionAxes(query.rank + 1, attended),
      attended: attended.length,
      masks: {
        queryMask,
        valueMask,
        keyMask,
        attentionMask,
        isCausal: given['useCausalMask'] === true,
        window: this.settings.slidingWindow,
        queries: query.shape[1]!,
        keys: value.shape[1]!,
      },
      dropout: this.seeds.next(training),
      returnScores,
      fillEmpty: query.rank === 3 && !returnScores && this.settings.dropout === 0 ? 'mean' : 'zeros',
    });
    const gated = this.gateDense === undefined ? context : tf.mul(context, this.gateDense.of(query, training));
    const output = this.outputDense.of(gated, training);
    return scores === undefined ? output : [output, scores];
  }

  override outputShapes(given: CallArguments): Shape | Shape[] {
    const { query, value, key } = checkShapes(this.name, given as CallShapes);
    const output = [...query.slice(0, -1), ...(this.sizes.outputShape ?? [query.at(-1)!])];
    if (given['returnAttentionScores'] !== true) return output;
    const attended = this.attended(query.length);
    const axes = new AttentionAxes(query.length + 1, attended);
    const withHeads = (shape: Shape): { shape: number[] } => ({
      shape: [...(shape.slice(0, -1) as number[]), this.sizes.heads, 1],
    });
    return [output, axes.scoreShape(withHeads(query), withHeads(key ?? value))];
  }

  protected headConfig() {
    return headConfig(this.settings);
  }
}

/** Shapes of query, value and key, by default that of value. */
function checkShapes(what: string, shapes: CallShapes): { query: Shape; value: Shape; key: Shape } {
  const { query, value, key = value } = shapes as Record<string, Shape>;
  if (query === undefined || value === undefined) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${what}: ${query === undefined ? 'query' : 'value'} is missing`,
      hint: 'apply([query, value]), or one tensor that attends to itself',
    });
  }
  const between = (shape: Shape): Shape => shape.slice(1, -1);
  if (query.length < 3 || value.length !== query.length || key.length !== query.length) {
    throw mismatch(what, 'query, value and key have the same axes, at least [B, T, D]', { query, value, key });
  }
  if (between(value).some((length, n) => length !== null && between(key)[n] !== null && length !== between(key)[n])) {
    throw mismatch(what, 'value and key are alike in all axes but the last', { query, value, key });
  }
  return { query, value, key };
}

export const mismatch = (what: string, hint: string, shapes: Readonly<Record<string, Shape>>): HeedError =>
  new HeedError('SHAPE_MISMATCH', {
    message: `${what}: ${Object.entries(shapes)
      .map(([name, shape]) => `${name} [${shape}]`)
      .join(', ')}`,
    hint,
    details: shapes,
  });
