import type { Tensor } from '@tensorflow/tfjs-core';
import { HeedError, show } from '@heed/base';
import { checkAlive } from '../tensor-like.js';
import { VARIABLES, type Program, type Variable } from './program.js';
import type { SymbolicBoolean, SymbolicNumber, SymbolicTensor } from './symbolic.js';
import { Trace } from './trace.js';

/** Tensors of a hook's own, by name: float32, whose gradients flow, or int32 and bool, which are read as numbers. */
export type Captures = Readonly<Record<string, Tensor>>;

/** The same in the hook's function. */
export type SymbolicCaptures<Captured extends Captures> = { readonly [Name in keyof Captured]: SymbolicTensor };

/** Where a score or weight stands: indices of its batch row, query head, query and key, and the lengths Tq and Tk. */
export type Position = { readonly [Name in Variable]: SymbolicNumber };

/** What an attention op does with every score, before the mask. */
export interface ScoreHook {
  readonly kind: 'scoreHook';
  readonly program: Program;
  readonly captures: Captures;
}

/** What decides where a query may attend. */
export interface MaskHook {
  readonly kind: 'maskHook';
  readonly program: Program;
  readonly captures: Captures;
}

/** What an attention op does with every weight, before dropout. */
export interface WeightHook {
  readonly kind: 'weightHook';
  readonly program: Program;
  readonly captures: Captures;
}

export type Hook = ScoreHook | MaskHook | WeightHook;

/**
 * A change of the scores, after scale, soft cap and bias and before the mask: a formula of your own in the op's kernel.
 *
 *     const decay = scoreHook(({ score, query, key, head }, { rate }) => score.sub(query.sub(key).abs().mul(rate.at(head))), { rate });
 *
 * The function is called once, here, with symbols; what it returns is computed at every position, together with its gradients in
 * the score and in the captured tensors. A score of −∞ masks its position. What a captured tensor holds for masked positions
 * reaches nothing.
 *
 * @param captures tensors that the function reads, by name; borrowed. A tf.Variable is read anew by each call of the op
 * @throws HeedError INVALID_ARGUMENT when the function doesn't return a symbolic number, or does what symbols can't
 * @see Dong et al. 2024, arXiv:2412.05496 (FlexAttention)
 */
export function scoreHook<Captured extends Captures = Record<never, Tensor>>(
  f: (
    at: Position & { readonly score: SymbolicNumber },
    captures: SymbolicCaptures<Captured>,
  ) => SymbolicNumber | number,
  captures?: Captured,
): ScoreHook {
  return { kind: 'scoreHook', ...trace('scoreHook', f, captures, 'score', 'number') };
}

/**
 * Where a query may attend, by a formula of your own: `maskHook(({ query, key }) => query.ge(key))` is `causal()`. It is joined with the
 * op's mask. No table of Tq × Tk is made: kernels skip the blocks of which the formula's bounds tell that nothing in them takes part.
 *
 * @param captures as for `scoreHook`
 * @throws HeedError INVALID_ARGUMENT when the function doesn't return a symbolic truth value, or does what symbols can't
 */
export function maskHook<Captured extends Captures = Record<never, Tensor>>(
  f: (at: Position, captures: SymbolicCaptures<Captured>) => SymbolicBoolean,
  captures?: Captured,
): MaskHook {
  return { kind: 'maskHook', ...trace('maskHook', f, captures, undefined, 'boolean') };
}

/**
 * A change of the weights, after the normaliser and before dropout, with its gradients in the weight and in the captured tensors. A
 * position that is masked keeps its weight of 0.
 *
 * @param captures as for `scoreHook`
 * @throws HeedError INVALID_ARGUMENT when the function doesn't return a symbolic number, or does what symbols can't
 */
export function weightHook<Captured extends Captures = Record<never, Tensor>>(
  f: (
    at: Position & { readonly weight: SymbolicNumber },
    captures: SymbolicCaptures<Captured>,
  ) => SymbolicNumber | number,
  captures?: Captured,
): WeightHook {
  return { kind: 'weightHook', ...trace('weightHook', f, captures, 'weight', 'number') };
}

function trace<At, Captured extends Captures>(
  what: Hook['kind'],
  f: (at: At, captures: SymbolicCaptures<Captured>) => unknown,
  captures: Captured | undefined,
  input: string | undefined,
  result: 'number' | 'boolean',
): { readonly program: Program; readonly captures: Captures } {
  if (typeof f !== 'function') {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${what}: the formula is ${show(f)}`,
      hint: `a function of symbols: ${what}((at, captures) => …)`,
    });
  }
  const given: Captures = captures ?? {};
  if (typeof given !== 'object' || given === null || 'dataId' in given) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${what}: the captured tensors are ${show(given)}`,
      hint: 'tensors by name, such as { rate }',
    });
  }
  for (const [name, tensor] of Object.entries(given)) checkCapture(`${what}: ${name}`, tensor);
  const tracing = new Trace(what);
  const tensors = Object.entries(given).map(
    ([name, { shape }], n) => [name, tracing.tensor(n, name, shape.length)] as const,
  );
  const at = {
    ...Object.fromEntries(VARIABLES.map((name) => [name, tracing.variable(name)])),
    ...(input !== undefined && { [input]: tracing.input() }),
  };
  const returned = f(at as At, Object.fromEntries(tensors) as SymbolicCaptures<Captured>);
  return { program: tracing.program(returned, result), captures: { ...given } };
}

/** Refuses what no hook can read. */
export function checkCapture(what: string, tensor: Tensor): void {
  checkAlive(what, tensor, 'a tensor of numbers');
  if (!['float32', 'int32', 'bool'].includes(tensor.dtype)) {
    throw new HeedError('DTYPE_UNSUPPORTED', {
      message: `${what} is ${tensor.dtype}`,
      hint: 'float32, int32 or bool',
      details: { dtype: tensor.dtype },
    });
  }
}
