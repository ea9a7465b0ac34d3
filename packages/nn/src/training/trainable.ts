import type * as tf from '@tensorflow/tfjs-core';
import type { Cost } from '@heed/attention';
import { checkOptions, type OptionNames } from '@heed/core';
import type { Graph } from '../graphs/graph.js';
import type { ParameterTable } from '../layers/parameters.js';

export interface LossOptions {
  /** ε in [0, 1): the target gives 1 − ε to the right symbol and spreads ε over all. Default 0. */
  readonly labelSmoothing?: number;
  /** Switches the configuration's dropout on; which elements are left out depends on seed and step alone. */
  readonly dropout?: { readonly seed: number; readonly step: number };
}

const LOSS_OPTIONS: OptionNames<LossOptions> = { labelSmoothing: true, dropout: true };
const DROPOUT: OptionNames<NonNullable<LossOptions['dropout']>> = { seed: true, step: true };

/** @throws HeedError UNKNOWN_OPTION, INVALID_ARGUMENT */
export function checkLossOptions(what: string, options: LossOptions): void {
  checkOptions(what, options, LOSS_OPTIONS);
  if (options.dropout !== undefined) checkOptions(`${what}: dropout`, options.dropout, DROPOUT);
}

/** What training, runs and files need of a model. */
export interface Trainable<Item = unknown> {
  /** Everything that decides the model but the values of its parameters: plain JSON. */
  readonly config: { readonly kind: string; readonly seed: number };
  /** Variables by keys that don't change between runs. */
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  readonly parameterCount: number;
  /**
   * Mean loss of what is learnt from, in nats. Differentiable in the parameters where TensorFlow.js's gradients are
   * registered.
   *
   * @returns a scalar, the caller's to dispose
   */
  loss(items: readonly Item[], options?: LossOptions): tf.Scalar;
  /**
   * What the model computes, in parts that can be traced and written to files for other runtimes: with the same formulas and parameters, and for
   * texts of one length in a batch. Absent from a model that says nothing of the kind.
   *
   * @throws HeedError DISPOSED, here and when a part runs, which also refuses tensors of other names, shapes and dtypes; CONFIG_INVALID for a
   *   configuration whose steps can't be told apart by shapes alone
   */
  graphs?(): readonly Graph[];
  /** Frees the parameters. Twice is fine; other calls after it are DISPOSED. */
  dispose(): void;
}

/** Lengths of an item: items of like lengths share a batch, so that little is padded. */
export interface Lengths {
  readonly source: number;
  readonly target: number;
}

/** A batch of items of one length. */
export interface BatchSizes extends Lengths {
  /** B, number of items. */
  readonly batch: number;
}

/** How a model does on examples that it wasn't trained on. */
export interface Scores {
  /** What decides which parameters are best; lower is better. */
  readonly error: number;
  /** This and whatever else there is to tell, by names. */
  readonly figures: Readonly<Record<string, number>>;
}

/** A network that runs can train: how to make one from plain JSON, what it learns from, and when it is better. */
export interface Network<
  Config = Trainable['config'],
  Model extends Trainable<Item> = Trainable,
  Example = unknown,
  Item = unknown,
> {
  /** Names it in configurations and files. */
  readonly kind: string;
  /** @throws HeedError CONFIG_INVALID */
  parse(value: unknown): Config;
  /**
   * @param given values of all parameters by key; copied
   * @throws HeedError CONFIG_INVALID, UNKNOWN_NAME; with given values CHECKPOINT_INVALID, SHAPE_MISMATCH, NOT_FINITE
   */
  create(config: Config, given?: ParameterTable): Model;
  /** Keys that parameters had in files of before, and what they are called now. */
  readonly formerKeys?: Readonly<Record<string, string>>;
  /** Items that are learnt from an example: one with several right outputs is several items. */
  items(example: Example): readonly Item[];
  lengths(item: Item): Lengths;
  /**
   * What an item has in common with others, such as the picture of several captions: they come into a batch after each other, so that it is
   * computed once. Undefined for an item that has nothing in common; absent from a network whose items never have.
   */
  together?(item: Item): unknown;
  validate(model: Model, examples: readonly Example[]): Promise<Scores>;
  /**
   * What the parts of a model take for a batch, by names such as 'encoder': parameters exactly, and the work of a forward pass
   * with its loss and of a training step. Absent from a network that has no formulas for it.
   *
   * @throws HeedError CONFIG_INVALID for a configuration that no model can have
   */
  cost?(config: Config, sizes: BatchSizes): Readonly<Record<string, Cost>>;
}
