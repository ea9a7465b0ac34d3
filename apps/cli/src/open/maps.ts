import type { AttentionMap } from '@heed/heatmap';
import { attentionRollout } from '@heed/metrics';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import type { OpenFlags } from '../commands/open-command.js';
import { UsageError } from '../usage-error.js';

/** Which maps: all layers and heads where none is named; or rollouts of all heads up to the layers. */
interface Place {
  readonly layer?: number | undefined;
  readonly head?: number | 'mean' | undefined;
  readonly rollout?: boolean | undefined;
}

interface PlacedMap {
  readonly layer: number;
  /** null for the mean of all heads. */
  readonly head: number | null;
  readonly rollout?: true;
  readonly map: AttentionMap;
}

/** What one sequence attended to: [1, heads, rows, columns] of each layer, and the tokens. */
export interface Seen {
  readonly attentions: readonly Tensor4D[];
  readonly rows: readonly string[];
  readonly columns: readonly string[];
}

/** Maps of one sequence. */
export async function mapsOf(seen: Seen, { layer, head, rollout }: Place): Promise<readonly PlacedMap[]> {
  if (rollout === true) return rolloutsOf(seen, layer);
  const { attentions, rows, columns } = seen;
  const labels = { rowLabels: rows, columnLabels: columns };
  const maps: PlacedMap[] = [];
  for (const [n, weights] of attentions.entries()) {
    if (layer !== undefined && layer !== n) continue;
    const heads = (await weights.array())[0]!;
    if (head === 'mean') {
      maps.push({
        layer: n,
        head: null,
        map: { ...labels, weights: meanOf(heads), title: `layer ${n}, mean of heads` },
      });
      continue;
    }
    for (const [h, weights] of heads.entries()) {
      if (head !== undefined && head !== h) continue;
      maps.push({ layer: n, head: h, map: { ...labels, weights, title: `layer ${n}, head ${h}` } });
    }
  }
  return maps;
}

async function rolloutsOf({ attentions, rows, columns }: Seen, layer: number | undefined): Promise<PlacedMap[]> {
  const through = attentions.slice(0, layer === undefined ? undefined : layer + 1);
  const layers = through.map(async (weights) => ({ shape: weights.shape, data: await weights.data() }));
  return attentionRollout(await Promise.all(layers))
    .map((weights, n): PlacedMap => {
      const title = `rollout of layers 0 to ${n}`;
      return { layer: n, head: null, rollout: true, map: { rowLabels: rows, columnLabels: columns, weights, title } };
    })
    .filter(({ layer: n }) => layer === undefined || n === layer);
}

const meanOf = (heads: readonly (readonly number[][])[]): number[][] =>
  heads[0]!.map((row, i) => row.map((_, j) => heads.reduce((sum, rows) => sum + rows[i]![j]!, 0) / heads.length));

/** Refuses a layer or head that the model has not. */
export function checkPlace(attentions: readonly Tensor4D[], { layer, head }: OpenFlags): void {
  for (const [name, given, count] of [
    ['layer', layer, attentions.length],
    ['head', head, attentions[0]?.shape[1] ?? 0],
  ] as const) {
    if (typeof given === 'number' && given >= count)
      throw new UsageError(`there is no ${name} ${given}`, `the model has ${count}, counted from 0`);
  }
}
