import { derivativeOf, type Derivative, type Dropout, type HookPart, type HookParts } from '@heed/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Chunk } from '../chunks.js';
import type { Grid, TensorGrid } from '../grid.js';
import { addCaptured, zeros } from '../passes/captured.js';
import { hookGradients, hookedScores, hookedWeights, type HookSite } from '../passes/hooked.js';
import type { Scope } from '../scope.js';
import { hookUniforms, type HookUniforms } from './emit.js';

interface Sizes {
  readonly batch: number;
  readonly heads: number;
  readonly queries: number;
  readonly keys: number;
}

/** A hook, its derivative, and its uniforms. */
interface Changing {
  readonly part: HookPart;
  readonly uniforms: HookUniforms;
}

/** The hooks of a request that change scores and weights, over tiles; a mask hook belongs to the terms of the scores. */
export class TileHooks {
  readonly #scope: Scope;
  readonly #sizes: Sizes;
  readonly #score: Changing | undefined;
  readonly #weight: Changing | undefined;
  #dCaptures: TensorGrid | undefined;

  /** @param captures the packed captures @param wantsGradients whether gradients in them are summed up */
  constructor(
    scope: Scope,
    { scoreHook, weightHook }: HookParts,
    captures: TensorInfo | undefined,
    sizes: Sizes,
    wantsGradients: boolean,
  ) {
    const changing = (part: HookPart | null): Changing | undefined =>
      part === null ? undefined : { part, uniforms: hookUniforms(scope, part, captures, sizes) };
    this.#scope = scope;
    this.#sizes = sizes;
    this.#score = changing(scoreHook);
    this.#weight = changing(weightHook);
    if (wantsGradients && captures) this.#dCaptures = zeros(scope, captures.shape);
  }

  get changesScores(): boolean {
    return this.#score !== undefined;
  }

  get changesWeights(): boolean {
    return this.#weight !== undefined;
  }

  /** Gradients in the packed captures so far; undefined without any. */
  get dCaptures(): TensorInfo | undefined {
    return this.#dCaptures?.tensor;
  }

  /** Raw scores changed: new tiles, or the same without a score hook. */
  scores(raw: Grid, chunk: Chunk): Grid {
    if (this.#score === undefined) return raw;
    return hookedScores(this.#scope, this.#score.part, raw, this.#site(this.#score, chunk));
  }

  /** Weights changed, with dropout's factors: new tiles, or the same without a weight hook. */
  weights(weights: Grid, scores: Grid, dropout: Dropout | null, chunk: Chunk): Grid {
    if (this.#weight === undefined) return weights;
    const tiles = { weights, scores, dropout };
    return hookedWeights(this.#scope, this.#weight.part, tiles, this.#site(this.#weight, chunk));
  }

  /** Gradients in raw scores from those in changed ones: new tiles, or the same without a score hook. */
  scoreGradients(raw: Grid, gradients: Grid, chunk: Chunk): Grid {
    return this.#pullBack(this.#score, { input: raw, cotangent: gradients, scores: undefined }, chunk);
  }

  /** Gradients in weights before the hook from those after it: new tiles, or the same without a weight hook. */
  weightGradients(weights: Grid, gradients: Grid, scores: Grid, chunk: Chunk): Grid {
    return this.#pullBack(this.#weight, { input: weights, cotangent: gradients, scores }, chunk);
  }

  #pullBack(
    hook: Changing | undefined,
    tiles: { input: Grid; cotangent: Grid; scores: Grid | undefined },
    chunk: Chunk,
  ): Grid {
    if (hook === undefined) return tiles.cotangent;
    const scope = this.#scope;
    const derivative = derivativeOf(hook.part.program);
    const { steps, reads } = derivative;
    const results = resultsOf(derivative);
    const site = this.#site(hook, chunk);
    for (const [n, { read }] of reads.entries()) {
      const gradients = hookGradients(scope, steps, results, n + 1, tiles, site);
      const reading = { part: hook.part, steps, read, uniforms: hook.uniforms, sizes: this.#sizes, chunk };
      this.#dCaptures = addCaptured(scope, reading, gradients, tiles.input, this.#dCaptures!);
      scope.free(gradients);
    }
    return hookGradients(scope, steps, results, 0, tiles, site);
  }

  #site({ uniforms }: Changing, chunk: Chunk): HookSite {
    return { heads: this.#sizes.heads, uniforms, chunk };
  }
}

/** The steps of a derivative that passes give: the gradient in the input, then those in what was read. */
const resultsOf = ({ input, reads }: Derivative): readonly (number | undefined)[] => [
  input,
  ...reads.map(({ gradient }) => gradient),
];
