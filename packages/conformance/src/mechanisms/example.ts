import type { MechanismKind } from '@heed/attention';
import type { TensorValue } from '../example.js';

/** How a tensor of the state before the first step is drawn: numbers in (0, 1), or rows of them that sum to 1. */
export type StateDrawing = 'positive' | 'distribution';

/** A call of a mechanism, as plain data; numbers are drawn from a case's seed. */
export interface MechanismExample {
  readonly kind: MechanismKind;
  /** Options of the kind. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Whether rows of the memory have holes and ends, where it holds NaN and infinities; else all positions take part. */
  readonly ragged?: boolean;
  /** Whether a query attends to no later position. */
  readonly causal?: boolean;
  /** Whether each query is a call of its own, which is given the state that the one before left. */
  readonly inSteps?: boolean;
  /** How the state before the first step is drawn, by name; what isn't named begins as the mechanism says. */
  readonly state?: Readonly<Record<string, StateDrawing>>;
  /** Whether weights are asked for, and the loss is in them too. */
  readonly returnWeights?: boolean;
}

/** An example with its numbers. */
export interface MechanismInstance {
  readonly example: MechanismExample;
  /** Options with their defaults. */
  readonly config: unknown;
  /** query, memory (0 where it is ragged), parameters ('param/KEY') and what is given of the state ('state/NAME'). */
  readonly tensors: Readonly<Record<string, TensorValue>>;
  /** Shapes of the state's tensors without the rows, by name; empty for a mechanism that keeps none. */
  readonly states: Readonly<Record<string, readonly number[]>>;
}
