import { NORMALIZER_DEFINITIONS, type ErrorCode, type OpName } from '@heed/core';
import type { BiasSpec, MaskSpec, Example } from './example.js';
import { hashOf } from './random.js';

/** What each group is about; a backend's author may run one at a time. */
export const GROUPS = {
  manifest: 'what is declared and claimed is true, and what is not fused says why',
  shapes: 'sizes of 1, primes, block sizes ± 1, Tq ≠ Tk, Dv ≠ D, a few long ones',
  empty: 'axes of length 0',
  scale: 'the default scale, other scales, the soft cap and their order',
  masks: 'every type of mask and each pair of them, alignments, offsets, rows that attend to nothing',
  'non-finite': 'NaN and ±∞ under the mask reach nothing; attended ones show',
  'large logits': 'scores of ±1e4, saturated and tied',
  extremes:
    'the smallest and the largest numbers: weights of huge tied scores, tanh of small sums, wide soft caps, overflow',
  heads: 'grouped heads and a single key head',
  bias: 'dense biases along each axis, −∞ in them, ALiBi, relative positions, their sums and gradients',
  dropout: 'which weights are dropped, scaling, and its place in the order',
  outputs: 'weights and logSumExp, alone and together, with gradients through each',
  additive: "Bahdanau's attention with every kind of mask",
  normalizers: `weightedContext: ${Object.values(NORMALIZER_DEFINITIONS)
    .map(({ title }) => title)
    .join(', ')}; ties; leading axes`,
  differences: 'gradients against central differences, which share nothing with a backward formula',
  matmul: "the engine's matrix products, which a backend may replace and the composed forms rest on",
  errors: 'bad input is refused with its code, and leaves nothing behind',
  leaks: 'tf.memory() returns to its baseline after forward, gradients and errors',
  ownership: 'inputs stay as they were, and a result stays as it is when the op runs again',
  determinism: 'the same inputs give the same bits',
  dispose: 'a backend can be disposed and selected again, and gives the engine back as it was',
} as const;

export type Group = keyof typeof GROUPS;

interface CaseBase {
  /** Stable, readable and unique; begins with its group. */
  readonly id: string;
  readonly group: Group;
}

/** Outputs and gradients agree with the oracle's within the bound. */
export interface AgreementCase extends CaseBase {
  readonly kind: 'agreement';
  readonly example: Example;
  readonly seed: number;
  /** What gradients are held against, if they are. */
  readonly gradients: 'oracle' | 'differences' | 'none';
  /** Size of intermediate results, for outputs and gradients whose floor is to be less than that of 1; by name. */
  readonly units?: Readonly<Record<string, number>>;
}

/** The call throws a HeedError of the code, and leaves no tensor behind. */
export interface ErrorCase extends CaseBase {
  readonly kind: 'error';
  readonly call: MalformedCall;
  readonly code: ErrorCode;
}

/** A call that no well-typed program would make, or that doesn't fit together. */
export interface MalformedCall {
  readonly op: OpName;
  /** By argument name. `mask` and `bias` are passed bare; `table` becomes a relative position bias. */
  readonly tensors: Readonly<
    Record<string, { readonly shape: readonly number[]; readonly dtype?: 'float32' | 'int32' | 'bool' }>
  >;
  /** The names of those that are disposed before the call. */
  readonly disposed?: readonly string[];
  readonly options?: Readonly<Record<string, unknown>>;
  readonly mask?: MaskSpec;
  readonly bias?: BiasSpec;
}

export interface MatMulCase extends CaseBase {
  readonly kind: 'matmul';
  readonly seed: number;
  readonly a: readonly number[];
  readonly b: readonly number[];
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  /** Through tf.fused.matMul. */
  readonly fused?: { readonly bias?: boolean; readonly activation?: 'relu' | 'relu6' | 'sigmoid' };
}

/** The op is run, and something other than its numbers is looked at. */
export interface ConductCase extends CaseBase {
  readonly kind: 'leak' | 'ownership' | 'repeat';
  readonly example: Example;
  readonly seed: number;
  readonly pass: 'forward' | 'gradients';
}

/** Something that a backend declares or claims. */
export interface ManifestCase extends CaseBase {
  readonly kind: 'manifest';
  readonly check:
    | 'describes-itself'
    | 'is-available'
    | 'declared-requests-are-taken'
    | 'reasons-are-given'
    | 'reasons-are-pure'
    | 'skips-are-taken'
    | 'replaced-kernels-are-listed';
}

/** Something that happens to a backend as a whole. */
export interface LifecycleCase extends CaseBase {
  readonly kind: 'lifecycle';
  readonly check: 'twice' | 'runs-composed-afterwards' | 'refuses-afterwards' | 'restores-the-engine' | 'again';
}

export type Case = AgreementCase | ErrorCase | MatMulCase | ConductCase | ManifestCase | LifecycleCase;

/** A case's seed is its id's, so that adding a case moves no other's numbers. */
export function agreement(
  group: Group,
  name: string,
  example: Example,
  { gradients = 'oracle', units }: Partial<Pick<AgreementCase, 'gradients' | 'units'>> = {},
): AgreementCase {
  const id = `${group}/${name}`;
  return { kind: 'agreement', id, group, example, seed: hashOf(id), gradients, ...(units && { units }) };
}
