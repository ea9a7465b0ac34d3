import * as tf from '@tensorflow/tfjs-core';
import { checkOptions, type OptionNames } from '@heed/core';
import type { BoundMechanism } from './build.js';
import { ATTEND_OPTIONS, type AttendOptions, type Attended, type PrepareOptions } from './mechanism.js';

/** A mask of queries and keys goes in `mask`, which positions take part at all in `lengths` and `memoryMask`. */
export type SelfAttendOptions<Weights extends boolean = boolean, LogSumExp extends boolean = boolean> = AttendOptions<
  Weights,
  LogSumExp
> &
  Pick<PrepareOptions, 'lengths'> & { readonly memoryMask?: PrepareOptions['mask'] };

const OPTIONS: OptionNames<SelfAttendOptions> = { ...ATTEND_OPTIONS, lengths: true, memoryMask: true };

/**
 * Attention of a sequence to itself: `prepare` and `attend` with the same tensor, for a mechanism with equal widths.
 *
 * @param input [B, T, Q]
 * @returns context [B, T, C]; weights and logSumExp when asked for
 * @throws HeedError as `prepare` and `attend`
 */
export function selfAttend<Weights extends boolean = false, LogSumExp extends boolean = false>(
  mechanism: BoundMechanism,
  input: tf.Tensor3D,
  options: SelfAttendOptions<Weights, LogSumExp> = {},
): Attended<tf.Tensor3D, Weights, LogSumExp> {
  checkOptions('selfAttend', options, OPTIONS);
  const { lengths, memoryMask, ...rest } = options;
  return tf.tidy(() => {
    const memory = mechanism.prepare(input, { lengths, mask: memoryMask });
    return mechanism.attend(input, memory, rest);
  });
}
