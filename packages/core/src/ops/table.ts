import { byName } from '../by-name.js';
import { additiveSpec } from './additive-attention/spec.js';
import type { OpKernels, TypesOf } from './define.js';
import { dotProductSpec } from './dot-product-attention/spec.js';
import { linearSpec } from './linear-attention/spec.js';
import { weightedSpec } from './weighted-context/spec.js';

/** Core's ops by name. */
export const OPS = byName(dotProductSpec, additiveSpec, weightedSpec, linearSpec);

export type OpName = keyof typeof OPS;

/** The types of each op. */
type Types = { readonly [Name in OpName]: TypesOf<(typeof OPS)[Name]> };

export type OpRequest = Types[OpName]['request'];

/**
 * Forward and backward of each op that a backend has kernels for. Inputs are float32 (masks bool), canonical, checked, and
 * without empty axes; they are borrowed. Outputs are new. A fully masked row (also one whose scores are all −∞) has context 0,
 * weights 0, logSumExp −∞ and sends no gradient. What a masked key or value holds, NaN included, reaches nothing. A row that
 * attends to a score of NaN or +∞ is NaN wherever it attends, but for the normalisers 'sigmoid', whose positions don't know of
 * each other, and 'hard', for which +∞ is the highest.
 */
export type AttentionKernels = { readonly [Name in OpName]?: OpKernels<Types[Name]> };

/** The names of an op's fields that have a role. */
type WithRole<Fields, Role> = { [Field in keyof Fields]: Fields[Field] extends Role ? Field : never }[keyof Fields];

/** A field of a request that kernels may do without. */
export type Option = { [Name in OpName]: WithRole<(typeof OPS)[Name]['fields'], 'options'> }[OpName];
/** A field of a request that is a size. */
export type Size = { [Name in OpName]: WithRole<(typeof OPS)[Name]['fields'], 'limits'> }[OpName];

/** The names of all fields that have a role. */
const withRole = (role: string): string[] => [
  ...new Set(
    Object.values(OPS).flatMap(({ fields }) =>
      Object.entries(fields).flatMap(([field, its]) => (its === role ? [field] : [])),
    ),
  ),
];

export const OPTIONS = withRole('options') as readonly Option[];
export const SIZES = withRole('limits') as readonly Size[];
