import type * as tf from '@tensorflow/tfjs-core';
import type { DEFINITIONS, TorchKind } from './modules/index.js';
import type { ModuleDefinition } from './modules/definition.js';

/** Options of a kind of module. */
export type TorchOptionsOf<Kind extends TorchKind> =
  (typeof DEFINITIONS)[Kind] extends ModuleDefinition<Kind, infer Options, infer _Settings, infer _Call>
    ? Options
    : never;

/** What a kind of module computes. */
export type TorchCallOf<Kind extends TorchKind> = ReturnType<(typeof DEFINITIONS)[Kind]['create']>;

/** A module of PyTorch on Heed's layers: eager, without dropout, as in evaluation. */
export interface TorchModule<Kind extends TorchKind = TorchKind> {
  /** Name of PyTorch's class. */
  readonly kind: Kind;
  /** Where it was in the state dict: 'encoder.layers.0', or '' for the whole. */
  readonly prefix: string;
  /** Its parameters by PyTorch's keys, without the prefix, and in PyTorch's shapes: variables, which gradients reach and optimizers train. */
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  /** Runs it: inputs are borrowed, what it gives is the caller's. */
  readonly call: TorchCallOf<Kind>;
  /** Frees the parameters. Twice is fine; a call after it is DISPOSED. */
  dispose(): void;
}

/** A module of any kind, which `kind` tells. */
export type AnyTorchModule = { readonly [Kind in TorchKind]: TorchModule<Kind> }[TorchKind];
