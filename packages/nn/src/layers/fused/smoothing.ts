import { HeedError } from '@heed/core';

/** @throws HeedError INVALID_ARGUMENT for a label smoothing that is no share in [0, 1) */
export function checkSmoothing(smoothing: number): void {
  if (smoothing >= 0 && smoothing < 1) return;
  throw new HeedError('INVALID_ARGUMENT', {
    message: `loss: labelSmoothing is ${String(smoothing)}`,
    hint: 'a number ≥ 0 and < 1, usually 0 to 0.1',
    details: { labelSmoothing: smoothing },
  });
}
