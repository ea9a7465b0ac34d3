import { HookBounds, neededSteps, type HookPart, type HookParts, type Interval, type Variable } from '@heed/core';
import type { Fields } from '../request.js';

/** Sizes of a tile: assembly/tile.ts. */
const ROWS = 36;
const COLS = 128;
/** What a mask does to a tile: assembly/hook.ts. From PARTIAL on, how many STRIPs of keys it has until the rest is masked. */
const [SKIP, FULL, PARTIAL] = [0, 1, 2] as const;
const STRIP = 8;

interface Sizes {
  readonly batch: number;
  readonly heads: number;
  readonly queries: number;
  readonly keys: number;
}

/** What a request with hooks asks for, without its tensors. */
export function hookFields(hooks: HookParts, sizes: Sizes, captures: Float32Array): Fields {
  const { scoreHook, maskHook } = hooks;
  return {
    ...(scoreHook && { scoreHook: 1, scoreLayout: layoutOf(scoreHook) }),
    ...(maskHook && { ...maskKinds(maskHook, sizes, captures), maskLayout: layoutOf(maskHook) }),
  };
}

const layoutOf = ({ captures }: HookPart): Int32Array =>
  Int32Array.from(captures.flatMap(({ start, shape }) => [start, ...shape]));

function kindOf(inKeys: (first: number, end: number) => Interval, first: number, end: number): number {
  const { low, high } = inKeys(first, end);
  if (high === 0) return SKIP;
  if (low === 1) return FULL;
  let strips = Math.ceil((end - first) / STRIP);
  while (strips > 1 && inKeys(first + (strips - 1) * STRIP, end).high === 0) strips--;
  return PARTIAL + strips;
}

/** The bounds of a mask over each tile, found once where batch row or head play no part. */
function maskKinds(part: HookPart, { batch, heads, queries, keys }: Sizes, captures: Float32Array): Fields {
  const bounds = new HookBounds(part, captures, { queries, keys });
  const { steps, result } = part.program;
  const needed = neededSteps(steps, [result]);
  const uses = (name: Variable): boolean =>
    steps.some((step, n) => step.kind === 'variable' && step.name === name && needed.has(n));
  const [ownBatch, ownHead] = [uses('batch'), uses('head')];
  const [batches, ownHeads] = [ownBatch ? batch : 1, ownHead ? heads : 1];
  const [rowBlocks, keyBlocks] = [Math.ceil(queries / ROWS), Math.ceil(keys / COLS)];
  const kinds = new Uint8Array(batches * ownHeads * rowBlocks * keyBlocks);
  let n = 0;
  for (let b = 0; b < batches; b++) {
    for (let h = 0; h < ownHeads; h++) {
      for (let i0 = 0; i0 < queries; i0 += ROWS) {
        for (let j0 = 0; j0 < keys; j0 += COLS) {
          const query = [i0, Math.min(queries, i0 + ROWS) - 1] as const;
          const inKeys = (first: number, end: number): Interval =>
            bounds.of({ batch: b, head: h, query, key: [first, Math.min(keys, end) - 1] });
          kinds[n++] = kindOf(inKeys, j0, Math.min(keys, j0 + COLS));
        }
      }
    }
  }
  return {
    maskKinds: kinds,
    kindBatch: ownBatch ? ownHeads * rowBlocks * keyBlocks : 0,
    kindHead: ownHead ? rowBlocks * keyBlocks : 0,
    kindQuery: keyBlocks,
  };
}
