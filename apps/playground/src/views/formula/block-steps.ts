/** A step of a transformer: its vectors, what the heads of a block look at, what they add, what its feed-forward layer adds, what it says. */
export type BlockStep =
  | { readonly kind: 'embedded' | 'next' }
  | { readonly kind: 'heads' | 'attended' | 'fed'; readonly block: number };

/** All steps of a transformer of so many blocks, in their order. */
export const stepsOf = (blocks: number): readonly BlockStep[] => [
  { kind: 'embedded' },
  ...Array.from({ length: blocks }, (_, block) => [
    { kind: 'heads', block } as const,
    { kind: 'attended', block } as const,
    { kind: 'fed', block } as const,
  ]).flat(),
  { kind: 'next' },
];

/** The kinds of steps, in the order of the formulas. */
export const KINDS = ['embedded', 'heads', 'attended', 'fed', 'next'] as const satisfies readonly BlockStep['kind'][];

/** Index of what would come next, were x complete at a step, in a trace's `next`. */
export function nextAt(step: BlockStep, blocks: number): number {
  if (!('block' in step)) return step.kind === 'embedded' ? 0 : 2 * blocks;
  return 2 * step.block + { heads: 0, attended: 1, fed: 2 }[step.kind];
}
