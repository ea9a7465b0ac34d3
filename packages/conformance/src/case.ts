import type { MechanismKind } from '@heed/attention';
import { MECHANISM_FACTS } from '@heed/attention/facts';
import { NORMALIZER_DEFINITIONS, type ErrorCode, type OpName } from '@heed/core';
import type { MechanismExample } from './mechanisms/example.js';
import type { ModelExample } from './model/example.js';
import type { BiasSpec, MaskSpec, Example } from './example.js';
import { hashOf } from './random.js';

/** Groups about ops, and about backends as such, with their subjects. */
const OWN_GROUPS = {
  manifest: 'what is declared and claimed is true, and what is not fused says why',
  shapes: 'sizes of 1, primes, block sizes ± 1, Tq ≠ Tk, Dv ≠ D, a few long ones',
  empty: 'axes of length 0',
  scale: 'the default scale, other scales, the soft cap and their order',
  masks: 'every type of mask and each pair of them, alignments, offsets, rows that attend to nothing',
  'non-finite': 'NaN and ±∞ under the mask reach nothing; attended ones show',
  'large logits': 'scores of ±1e4, saturated and tied',
  extremes:
    'the smallest and the largest numbers: weights of huge tied scores, tanh of small sums, wide soft caps, overflow',
  heads: 'grouped heads and a single key head; few queries of many keys',
  bias: 'dense biases along each axis, −∞ in them, ALiBi, relative positions, their sums and gradients',
  hooks: 'formulas of scores, masks and weights, with gradients in the tensors that they capture',
  dropout: 'which weights are dropped, scaling, and its place in the order',
  outputs: 'weights and logSumExp, alone and together, with gradients through each',
  additive: "Bahdanau's attention with every kind of mask",
  normalizers: `weightedContext: ${Object.values(NORMALIZER_DEFINITIONS)
    .map(({ title }) => title)
    .join(', ')}; ties; leading axes`,
  linear: 'linearAttention: decays, the delta rule, normalisers; states in and out; edges of chunks; padding',
  differences: 'gradients against central differences, which share nothing with a backward formula',
  matmul: "the engine's matrix products, which a backend may replace and the composed forms rest on",
  model: 'what stands around attention: cells, lookups, layers, losses and Adam, with their gradients',
  errors: 'bad input is refused with its code, and leaves nothing behind',
  leaks: 'tf.memory() returns to its baseline after forward, gradients and errors',
  ownership: 'inputs stay as they were, and a result stays as it is when the op runs again',
  determinism: 'the same inputs give the same bits',
  dispose: 'a backend can be disposed and selected again, and gives the engine back as it was',
} as const;

type OwnGroup = keyof typeof OWN_GROUPS;
type MechanismGroup = `mechanisms/${MechanismKind}`;
export type Group = OwnGroup | MechanismGroup;

/** The group of a mechanism. */
export const mechanismGroup = (kind: MechanismKind): MechanismGroup => `mechanisms/${kind}`;

/** Groups of cases with their subjects; the author of a backend can run one group at a time. */
export const GROUPS = {
  ...OWN_GROUPS,
  ...Object.fromEntries(
    MECHANISM_FACTS.map(({ kind, title }) => [mechanismGroup(kind), `${title}: its formula, gradients and state`]),
  ),
} as Readonly<Record<Group, string>>;

interface CaseBase {
  /** Identifier, which is stable, readable and unique, and begins with the group. */
  readonly id: string;
  readonly group: Group;
}

/** Case that checks that outputs and gradients agree with the oracle's within the bound. */
export interface AgreementCase extends CaseBase {
  readonly kind: 'agreement';
  readonly example: Example;
  readonly seed: number;
  /** Reference of the gradients: the oracle, central differences of it, or none when they aren't checked. */
  readonly gradients: 'oracle' | 'differences' | 'none';
  /** Sizes of intermediate results, by name, for outputs and gradients whose floor is lower than that of size 1. */
  readonly units?: Readonly<Record<string, number>>;
}

/** Case that checks that a call throws a HeedError of the code, and leaves no tensor behind. */
export interface ErrorCase extends CaseBase {
  readonly kind: 'error';
  readonly call: MalformedCall;
  readonly code: ErrorCode;
}

/** A call with arguments of wrong types, or that don't fit together. */
export interface MalformedCall {
  readonly op: OpName;
  /** Tensors by argument name. `mask` and `bias` are passed as tensors; `table` becomes a relative position bias. */
  readonly tensors: Readonly<
    Record<string, { readonly shape: readonly number[]; readonly dtype?: 'float32' | 'int32' | 'bool' }>
  >;
  /** Names of the tensors that are disposed before the call. */
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
  /** Options of tf.fused.matMul; absent when tf.matMul is called. */
  readonly fused?: { readonly bias?: boolean; readonly activation?: 'relu' | 'relu6' | 'sigmoid' };
}

/** Case of a model op, whose results and gradients agree with the oracle's within the bound, and which leaves nothing behind. */
export interface ModelCase extends CaseBase {
  readonly kind: 'model';
  readonly example: ModelExample;
  readonly seed: number;
}

/** Case of a mechanism, whose outputs, states and gradients agree with its formula within the bound, and which leaves nothing behind. */
export interface MechanismCase extends CaseBase {
  readonly kind: 'mechanism';
  readonly example: MechanismExample;
  readonly seed: number;
  /** Size of intermediate results of the gradients, for a mechanism whose floor is that of another size than 1. */
  readonly unit?: number | undefined;
}

/** Case that runs an op and checks something other than its numbers. */
export interface ConductCase extends CaseBase {
  readonly kind: 'leak' | 'ownership' | 'repeat';
  readonly example: Example;
  readonly seed: number;
  readonly pass: 'forward' | 'gradients';
}

/** Case that checks what a backend declares or claims. */
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

/** Case about the life of a backend: selecting, disposing. */
export interface LifecycleCase extends CaseBase {
  readonly kind: 'lifecycle';
  readonly check: 'twice' | 'runs-composed-afterwards' | 'refuses-afterwards' | 'restores-the-engine' | 'again';
}

export type Case =
  | AgreementCase
  | ErrorCase
  | MatMulCase
  | ModelCase
  | MechanismCase
  | ConductCase
  | ManifestCase
  | LifecycleCase;

/** Makes an agreement case. Its seed depends only on its id, so that a new case doesn't change the numbers of others. */
export function agreement(
  group: Group,
  name: string,
  example: Example,
  { gradients = 'oracle', units }: Partial<Pick<AgreementCase, 'gradients' | 'units'>> = {},
): AgreementCase {
  const id = `${group}/${name}`;
  return { kind: 'agreement', id, group, example, seed: hashOf(id), gradients, ...(units && { units }) };
}
