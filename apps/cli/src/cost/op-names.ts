/** Ops that `heed cost` knows, by the names that people type. */
export const OPS = { 'dot-product': 'dotProductAttention', additive: 'additiveAttention' } as const;

export type OpName = keyof typeof OPS;
export const OP_NAMES = Object.keys(OPS) as OpName[];
