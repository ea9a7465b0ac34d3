import type { TensorInfo } from '@tensorflow/tfjs-core';

/**
 * The part of a backend that records what its engine does for a function of tensors, and does it again without TensorFlow.js: calls of
 * functions with numbers, which are addresses and sizes.
 */
export interface Recorder {
  /**
   * Records from now on until `end`.
   *
   * @param inputs what the function is called with; borrowed
   * @param before an earlier recording of the same function with inputs of the same shapes; it is used up
   */
  begin(inputs: readonly TensorInfo[], before?: Recorded): Recording;
}

/** A recording that is being made. Whatever happens, the function computes as it always does. */
export interface Recording {
  /** What the function is to be given in place of its inputs: copies, which a replay overwrites with inputs of its own. */
  readonly inputs: readonly TensorInfo[];
  /** Says why this can't be replayed. */
  spoil(reason: string): void;
  /** Copies of the function's outputs, the caller's, made before those are disposed of. */
  copies(outputs: readonly TensorInfo[]): TensorInfo[];
  /**
   * Ends it, once every tensor that the function made is disposed of.
   *
   * @param ahead how far counts have moved on since `before`
   * @returns what was recorded, or why it can't be replayed
   */
  end(ahead: number): Recorded | string;
}

/** What was recorded once, or twice with the same result. */
export interface Recorded {
  /** Whether everything that it reads and writes is still there, and nobody else shares what it writes. */
  isAlive(): boolean;
  /** Whether it was recorded twice, so that it is known what stays as it is. */
  readonly isComplete: boolean;
  /**
   * Does it again.
   *
   * @param inputs of the same shapes; borrowed
   * @param ahead how far counts have moved on since it was recorded last
   * @returns outputs, the caller's
   */
  replay(inputs: readonly TensorInfo[], ahead: number): TensorInfo[];
  dispose(): void;
}
