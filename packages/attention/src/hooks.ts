import { HeedError, type HookOptions } from '@heed/core';
import type { Comparison } from './comparison.js';

/**
 * Refuses hooks where the scores and weights are none that an op makes.
 *
 * @throws HeedError INVALID_ARGUMENT
 */
export function checkHooks(what: string, { op, weigh, finish }: Comparison, hooks: HookOptions): void {
  const isOps = (op === 'dotProductAttention' || op === 'additiveAttention') && weigh === undefined;
  // What finishes the weights would come after the hook of weights, which is to be the last.
  if (isOps) refuseHooks(what, finish === undefined ? {} : { weightHook: hooks.weightHook });
  else refuseHooks(what, hooks);
}

/** @throws HeedError INVALID_ARGUMENT when there is one */
export function refuseHooks(what: string, hooks: HookOptions): void {
  const given = Object.entries(hooks).find(([, hook]) => hook !== undefined);
  if (given === undefined) return;
  throw new HeedError('INVALID_ARGUMENT', {
    message: `${what}: this mechanism takes no ${given[0]}`,
    hint: 'hooks are for mechanisms without a state whose weights are a softmax that an op makes, such as multiHead, dot, general and additive',
  });
}
