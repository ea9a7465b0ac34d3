import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { HeedError, show, type OptionNames } from '@heed/base';
import { runSaving } from '../engine.js';
import type { TensorLike } from '../tensor-like.js';
import { checkCapture, type Hook, type MaskHook, type ScoreHook, type WeightHook } from './hook.js';
import type { HookParts } from './hook-parts.js';
import type { CapturePart, HookPart } from './program.js';

/** Options of an op that takes hooks. */
export interface HookOptions {
  /** Changes scores before the mask. */
  readonly scoreHook?: ScoreHook;
  /** Joined with `mask`. */
  readonly maskHook?: MaskHook;
  /** Changes weights before dropout. */
  readonly weightHook?: WeightHook;
}

export const HOOK_OPTIONS: OptionNames<HookOptions> = { scoreHook: true, maskHook: true, weightHook: true };

export interface NormalizedHooks {
  readonly parts: HookParts;
  /** The caller's tensors in the order of their starts, borrowed. */
  readonly captures: readonly Tensor[];
  /** What describes them packed into one; undefined without any. */
  readonly packed: TensorLike | undefined;
}

/**
 * Hooks as programs that read one tensor, in which what they captured lies one after another.
 *
 * @throws HeedError INVALID_ARGUMENT, DTYPE_UNSUPPORTED, DISPOSED
 */
export function normalizeHooks(op: string, options: HookOptions): NormalizedHooks {
  const captures: Tensor[] = [];
  let size = 0;
  const part = (name: keyof HookOptions): HookPart | null => {
    const hook: Hook | undefined = options[name];
    if (hook === undefined) return null;
    checkHook(op, name, hook);
    const parts = Object.entries(hook.captures).map(([of, tensor]): CapturePart => {
      checkCapture(`${op}: ${name}: ${of}`, tensor);
      const start = size;
      size += tf.util.sizeFromShape(tensor.shape);
      captures.push(tensor);
      return { start, shape: tensor.shape };
    });
    return { program: hook.program, captures: parts };
  };
  const parts = { scoreHook: part('scoreHook'), maskHook: part('maskHook'), weightHook: part('weightHook') };
  return {
    parts,
    captures,
    packed: captures.length === 0 ? undefined : { shape: [Math.max(1, size)], dtype: 'float32' },
  };
}

function checkHook(op: string, name: keyof HookOptions, hook: Hook): void {
  const kind: unknown = typeof hook === 'object' && hook !== null ? hook.kind : undefined;
  if (kind === name) return;
  const made = ['scoreHook', 'maskHook', 'weightHook'].includes(String(kind))
    ? `what ${String(kind)} made`
    : show(hook);
  throw new HeedError('INVALID_ARGUMENT', { message: `${op}: ${name} is ${made}`, hint: `${name}(…) makes it` });
}

/**
 * The captured tensors in one, through which gradients flow; undefined without any. A new tensor, which has a number also where the
 * captured ones have none, so that they too are part of the computation.
 */
export function packCaptures(captures: readonly Tensor[]): Tensor | undefined {
  if (captures.length === 0) return undefined;
  const [packed] = runSaving(
    captures,
    // Nothing is saved: TensorFlow.js keeps it for good when a later gradient throws.
    () => ({ outputs: [tf.tidy(() => pack(captures.filter(({ size }) => size > 0)))], saved: [] }),
    ([dPacked]) => unpack(dPacked, captures),
  );
  return packed;
}

const pack = (full: readonly Tensor[]): Tensor =>
  full.length === 0 ? tf.zeros([1]) : tf.concat(full.map((tensor) => tf.reshape(tf.cast(tensor, 'float32'), [-1])));

function unpack(packed: Tensor, captures: readonly Tensor[]): Tensor[] {
  let start = 0;
  return captures.map(({ size, shape }) => {
    if (size === 0) return tf.zeros(shape);
    const own = tf.tidy(() => tf.reshape(tf.slice(packed, [start], [size]), shape));
    start += size;
    return own;
  });
}
