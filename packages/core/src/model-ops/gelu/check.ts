import { HeedError } from '@heed/base';
import type { GeluApproximation } from './spec.js';

const APPROXIMATIONS: readonly GeluApproximation[] = ['none', 'tanh'];

/** @throws HeedError INVALID_ARGUMENT for an approximation that there isn't */
export function checkApproximation(op: string, approximate: GeluApproximation): void {
  if (APPROXIMATIONS.includes(approximate)) return;
  throw new HeedError('INVALID_ARGUMENT', {
    message: `${op}: approximate is ${JSON.stringify(approximate)}`,
    hint: `one of ${APPROXIMATIONS.map((name) => `'${name}'`).join(', ')}`,
    details: { approximate },
  });
}
