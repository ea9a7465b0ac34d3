import type { serialization } from '@tensorflow/tfjs-core';
import { HeedError, show, type OptionNames } from '@heed/base';
import {
  constraintBy,
  identified,
  initializerBy,
  regularizerBy,
  type Constraint,
  type Identifier,
  type Initializer,
  type Regularizer,
} from '../identifiers.js';
import type { LayerArgs } from '../keras-layer.js';
import type { WeightArgs } from './projection.js';

/** Arguments that Keras's attention layers with heads share, with Keras's defaults. */
export interface HeadArgs extends LayerArgs {
  /** Part of the weights that is dropped in training, in [0, 1); 0 by default. */
  readonly dropout?: number;
  /** Whether the projections add a bias; true by default. */
  readonly useBias?: boolean;
  /** Whether a sigmoid gate made of the query multiplies the context of each head; false by default. */
  readonly useGate?: boolean;
  /** A query attends to keys at distances below this many positions, to both sides; no window by default. */
  readonly slidingWindow?: number | null;
  /** Always computed so here; taken for Keras's sake, and not saved, as in Keras. */
  readonly flashAttention?: boolean | null;
  readonly kernelInitializer?: Identifier<Initializer>;
  readonly biasInitializer?: Identifier<Initializer>;
  readonly kernelRegularizer?: Identifier<Regularizer> | null;
  readonly biasRegularizer?: Identifier<Regularizer> | null;
  /** Adds a loss for the outputs of all projections, in training. */
  readonly activityRegularizer?: Identifier<Regularizer> | null;
  readonly kernelConstraint?: Identifier<Constraint> | null;
  readonly biasConstraint?: Identifier<Constraint> | null;
  /** Seed of dropout, a whole number; another one each time by default. */
  readonly seed?: number | null;
}

/** The names of these arguments. */
export const HEAD_ARGS: OptionNames<Omit<HeadArgs, keyof LayerArgs>> = {
  dropout: true,
  useBias: true,
  useGate: true,
  slidingWindow: true,
  flashAttention: true,
  kernelInitializer: true,
  biasInitializer: true,
  kernelRegularizer: true,
  biasRegularizer: true,
  activityRegularizer: true,
  kernelConstraint: true,
  biasConstraint: true,
  seed: true,
};

/** The same, checked and complete. */
export interface HeadSettings {
  readonly dropout: number;
  readonly useBias: boolean;
  readonly useGate: boolean;
  readonly slidingWindow: number | undefined;
  readonly seed: number | undefined;
  readonly kernel: WeightArgs;
  readonly bias: WeightArgs;
  readonly activity: Regularizer | undefined;
}

/** @throws HeedError INVALID_ARGUMENT, UNKNOWN_NAME */
export function readHeadArgs(what: string, args: HeadArgs): HeadSettings {
  const { dropout = 0, useBias = true, useGate = false } = args;
  if (args.slidingWindow !== undefined && args.slidingWindow !== null)
    checkCount(`${what}: slidingWindow`, args.slidingWindow);
  checkRate(`${what}: dropout`, dropout);
  return {
    dropout,
    useBias,
    useGate,
    slidingWindow: args.slidingWindow ?? undefined,
    seed: args.seed ?? undefined,
    kernel: {
      initializer: initializerBy(args.kernelInitializer ?? 'glorotUniform')!,
      regularizer: regularizerBy(args.kernelRegularizer),
      constraint: constraintBy(args.kernelConstraint),
    },
    bias: {
      initializer: initializerBy(args.biasInitializer ?? 'zeros')!,
      regularizer: regularizerBy(args.biasRegularizer),
      constraint: constraintBy(args.biasConstraint),
    },
    activity: regularizerBy(args.activityRegularizer),
  };
}

/** The configuration that gives the same settings. */
export function headConfig({
  dropout,
  useBias,
  useGate,
  slidingWindow,
  seed,
  kernel,
  bias,
  activity,
}: HeadSettings): serialization.ConfigDict {
  return {
    dropout,
    useBias,
    useGate,
    slidingWindow: slidingWindow ?? null,
    kernelInitializer: identified(kernel.initializer),
    biasInitializer: identified(bias.initializer),
    kernelRegularizer: identified(kernel.regularizer),
    biasRegularizer: identified(bias.regularizer),
    activityRegularizer: identified(activity),
    kernelConstraint: identified(kernel.constraint),
    biasConstraint: identified(bias.constraint),
    seed: seed ?? null,
  };
}

export function checkCount(what: string, value: unknown): number {
  if (Number.isSafeInteger(value) && (value as number) > 0) return value as number;
  throw new HeedError('INVALID_ARGUMENT', { message: `${what} is ${show(value)}`, hint: 'a whole number above 0' });
}

export function checkRate(what: string, value: unknown): void {
  if (typeof value === 'number' && value >= 0 && value < 1) return;
  throw new HeedError('INVALID_ARGUMENT', { message: `${what} is ${show(value)}`, hint: 'a number in [0, 1)' });
}
