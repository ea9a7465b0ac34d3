import type { serialization, Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { initializers, type LayerVariable, type Shape } from '@tensorflow/tfjs-layers';
import {
  bindMechanism,
  createMechanism,
  type AnyConfig,
  type AttentionMechanism,
  type BoundMechanism,
  type MechanismOptions,
} from '@heed/attention';
import { KerasLayer, type CallArguments, type LayerArgs } from '../keras-layer.js';
import { checkLayerArgs } from '../layer-args.js';
import { toBool } from './bools.js';
import { checkRate } from './head-args.js';
import { DropoutSeeds } from './dropout.js';

export interface MechanismLayerArgs extends LayerArgs, MechanismOptions {
  /** Options of the mechanism with its kind, as `createMechanism` takes them: `{ kind: 'multiHead', queryWidth: 16, memoryWidth: 16, heads: 4 }`. */
  readonly mechanism: AnyConfig | Readonly<Record<string, unknown>>;
  /** Part of the weights that is dropped in training, in [0, 1); 0 by default. */
  readonly dropout?: number;
  /** Seed of dropout, a whole number; another one each time by default. */
  readonly seed?: number | null;
}

/**
 * A layer around any of Heed's mechanisms, whose parameters are the layer's weights: `model.fit` trains them, `model.save` keeps them. It may be
 * used as it is, or be the base of a layer of your own: override `run` and attend by `this.bound()`.
 *
 * query [B, T, Q] or [B, Q] for one step, memory [B, Tk, M] → context [B, T, C] or [B, C]. One tensor alone attends to itself. `memoryMask`, or the mask that the memory carries, says which positions take part. Masks,
 * empty rows and causal order (`useCausalMask`) are Heed's here, not Keras's: a query that may attend to nothing gets zeros.
 */
export class MechanismLayer extends KerasLayer {
  static readonly className: string = 'HeedMechanism';
  readonly argumentNames: readonly string[] = ['query', 'memory', 'memoryMask', 'useCausalMask', 'training'];
  override supportsMasking = true;
  /** The mechanism's configuration, complete. */
  protected readonly mechanism: AnyConfig;
  private readonly contextWidth: number;
  private readonly from: MechanismOptions;
  private readonly dropout: number;
  private readonly seed: number | undefined;
  private readonly seeds: DropoutSeeds;
  private parameters: ReadonlyMap<string, LayerVariable> = new Map();

  /** @throws HeedError CONFIG_INVALID, UNKNOWN_NAME (the kind), INVALID_ARGUMENT */
  constructor(args: MechanismLayerArgs) {
    checkLayerArgs('mechanismLayer', args, { mechanism: true, mechanisms: true, dropout: true, seed: true });
    super(args);
    const { mechanism, mechanisms, dropout = 0, seed } = args;
    this.from = mechanisms === undefined ? {} : { mechanisms };
    checkRate(`${this.name}: dropout`, dropout);
    this.dropout = dropout;
    this.seed = seed ?? undefined;
    this.seeds = new DropoutSeeds(dropout, this.seed);
    [this.mechanism, this.contextWidth] = this.made(mechanism, (one) => [one.config(), one.contextWidth] as const);
  }

  /** The mechanism with the layer's weights, which are borrowed; for use within `run`. */
  protected bound(): BoundMechanism {
    const weights = [...this.parameters].map(([key, weight]) => [key, weight.read()] as const);
    return bindMechanism(this.mechanism, Object.fromEntries(weights), this.from);
  }

  override byPosition<T>(
    tensors: readonly T[],
    named: readonly string[] = [],
  ): Readonly<Record<string, T | readonly T[]>> {
    return super.byPosition(tensors.length === 1 && !named.includes('memory') ? [tensors[0], tensors[0]] : tensors);
  }

  override buildFor(): void {
    this.parameters = this.made(this.mechanism, ({ parameters }) => {
      const entries = Object.entries(parameters).map(([key, parameter]) => {
        const start = initializers.zeros();
        start.apply = () => tf.clone(parameter);
        return [key, this.addWeight(key, parameter.shape, 'float32', start)] as const;
      });
      return new Map(entries);
    });
  }

  override run(given: CallArguments): Tensor | Tensor[] {
    const { query, memory, memoryMask } = given as Record<string, Tensor>;
    const bound = this.bound();
    const dropout = this.seeds.next(given['training']);
    const prepared = bound.prepare(memory as tf.Tensor3D, memoryMask && { mask: toBool(memoryMask) as tf.Tensor2D });
    const causal = given['useCausalMask'] === true;
    return bound.attend(query, prepared, { ...(causal && { causal }), ...(dropout && { dropout }) }).context;
  }

  override outputShapes(given: CallArguments): Shape | Shape[] {
    return [...(given['query'] as Shape).slice(0, -1), this.contextWidth];
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), mechanism: { ...this.mechanism }, dropout: this.dropout, seed: this.seed ?? null };
  }

  private made<T>(config: unknown, take: (mechanism: AttentionMechanism) => T): T {
    const mechanism = createMechanism(config, undefined, this.from);
    try {
      return take(mechanism);
    } finally {
      mechanism.dispose();
    }
  }
}

/** A layer around any of Heed's mechanisms. @throws HeedError CONFIG_INVALID, UNKNOWN_NAME (the kind), INVALID_ARGUMENT */
export function mechanismLayer(args: MechanismLayerArgs): MechanismLayer {
  return new MechanismLayer(args);
}
