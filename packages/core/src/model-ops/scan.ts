import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/base';
import { kernelOf, runKernel } from '../engine.js';
import { checkAlive } from '../tensor-like.js';
import { eachStep } from './each-step.js';

/** Name of the kernel of engines that run or record a loop as one op. */
export const SCAN_KERNEL = 'heed/scan';

/** Whether the engine in use runs or records a loop as one call, however long it is. */
export const hasLoops = (): boolean => kernelOf(SCAN_KERNEL) !== undefined;

/** What one step of a loop gives. */
interface ScanStep {
  /** As many tensors as there were, of the same shapes. */
  readonly state: readonly Tensor[];
  readonly outputs: readonly Tensor[];
}

/** A step, from the state before it and what it reads: [T, …] without the first axis. Tensors around it may be used. */
export type ScanBody = (state: readonly Tensor[], inputs: readonly Tensor[]) => ScanStep;

/** Attributes of the kernel; its inputs are the tensors of the state, then those that are read. */
export interface ScanAttributes {
  readonly body: ScanBody;
  /** How many tensors the state has. */
  readonly states: number;
}

/**
 * A loop over the first axis of tensors: by the engine's kernel where it has one, which has no gradient, and else step by step,
 * differentiable.
 *
 * @param body what a step does
 * @param given `state` before the first step, and `steps`, what is read, [T, …] each; T ≥ 1
 * @returns the state after the last step, and the outputs of all of them, [T, …] each
 * @throws HeedError INVALID_ARGUMENT for nothing to read; SHAPE_MISMATCH for other numbers of steps; DISPOSED
 */
export function scan(
  body: ScanBody,
  { state, steps }: { readonly state: readonly Tensor[]; readonly steps: readonly Tensor[] },
): { readonly state: Tensor[]; readonly outputs: Tensor[] } {
  const time = checkScan(state, steps);
  if (hasLoops()) {
    const attributes: ScanAttributes = { body, states: state.length };
    const made = runKernel(SCAN_KERNEL, [...state, ...steps], attributes);
    return { state: made.slice(0, state.length), outputs: made.slice(state.length) };
  }
  return tf.tidy(() => {
    const inputs = steps.map((x) => eachStep(x));
    const seen: (readonly Tensor[])[] = [];
    let now = state;
    for (let t = 0; t < time; t++) {
      const step = body(
        now,
        inputs.map((each) => each[t]),
      );
      now = step.state;
      seen.push(step.outputs);
    }
    return { state: [...now], outputs: seen[0].map((_, n) => tf.stack(seen.map((each) => each[n]))) };
  });
}

/** Gives the number of steps. */
function checkScan(state: readonly Tensor[], steps: readonly Tensor[]): number {
  state.forEach((x, n) => checkAlive(`scan: state[${n}]`, x, 'a tensor'));
  steps.forEach((x, n) => checkAlive(`scan: steps[${n}]`, x, 'a tensor [T, …]'));
  const [time = 0] = steps[0]?.shape ?? [];
  if (time === 0) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `scan: there are no steps in [${steps.map(({ shape }) => `[${shape}]`).join(', ')}]`,
      hint: 'give one tensor or more, with a first axis of one step or more',
    });
  }
  const other = steps.find(({ shape }) => shape[0] !== time);
  if (other === undefined) return time;
  throw new HeedError('SHAPE_MISMATCH', {
    message: `scan: the first tensor has ${time} steps, another [${other.shape}] has ${other.shape[0] ?? 'none'}`,
    hint: 'all that is read has the same first axis',
    details: { time, shape: other.shape },
  });
}
