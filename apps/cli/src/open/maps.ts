import type { AttentionMap, AttentionOverlay, Picture } from '@heed/heatmap';
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

/** Weights of a place: as a map, or over a picture. */
export type Drawing = Placed & ({ readonly map: AttentionMap } | { readonly overlay: AttentionOverlay });

interface Placed {
  readonly layer: number;
  /** null for the mean of all heads. */
  readonly head: number | null;
  readonly rollout?: true;
  /** The picture or the text, where there are both. */
  readonly of?: string;
}

/** What one sequence attended to: [batch, heads, rows, columns] of each layer, and what rows and columns are. */
export interface Seen {
  readonly attentions: readonly Tensor4D[];
  /** Which of the batch it is; the first by default. */
  readonly item?: number;
  /** What it is of, where there are several. */
  readonly of?: string;
  /** Names of the first rows, which alone are shown. */
  readonly rows: readonly string[];
  /** Names of the first columns, which alone are shown; or the picture whose patches the columns are, after the vector before them. */
  readonly columns: readonly string[] | { readonly picture: Picture };
}

/** What one sequence attended to, in each place that is asked for. */
export const drawingsOf = async (seen: Seen, place: Place): Promise<readonly Drawing[]> =>
  (await weightsAt(seen, place)).map((placed) => drawingOf(seen, placed));

function drawingOf(seen: Seen, { weights, title, ...place }: PlacedWeights): Drawing {
  const { of } = seen;
  if (of === undefined) return { ...place, ...drawn(seen, weights, title) };
  return { ...place, of, ...drawn(seen, weights, `${of}: ${title}`) };
}

type Weights = readonly ArrayLike<number>[];

interface PlacedWeights extends Pick<Placed, 'layer' | 'head' | 'rollout'> {
  readonly weights: Weights;
  readonly title: string;
}

async function weightsAt(seen: Seen, { layer, head, rollout }: Place): Promise<readonly PlacedWeights[]> {
  if (rollout === true) return rolloutsOf(seen, layer);
  const { attentions, item = 0 } = seen;
  const placed: PlacedWeights[] = [];
  for (const [n, tensor] of attentions.entries()) {
    if (layer !== undefined && layer !== n) continue;
    const heads = (await tensor.array())[item]!;
    if (head === 'mean')
      placed.push({ layer: n, head: null, weights: meanOf(heads), title: `layer ${n}, mean of heads` });
    else {
      for (const [h, weights] of heads.entries()) {
        if (head === undefined || head === h)
          placed.push({ layer: n, head: h, weights, title: `layer ${n}, head ${h}` });
      }
    }
  }
  return placed;
}

async function rolloutsOf(
  { attentions, item = 0 }: Seen,
  layer: number | undefined,
): Promise<readonly PlacedWeights[]> {
  const through = attentions.slice(0, layer === undefined ? undefined : layer + 1);
  const layers = through.map(async (tensor) => {
    const [, ...shape] = tensor.shape;
    const size = tensor.size / tensor.shape[0];
    return { shape, data: (await tensor.data()).subarray(item * size, (item + 1) * size) };
  });
  return attentionRollout(await Promise.all(layers))
    .map((weights, n): PlacedWeights => {
      return { layer: n, head: null, rollout: true, weights, title: `rollout of layers 0 to ${n}` };
    })
    .filter(({ layer: n }) => layer === undefined || n === layer);
}

function drawn(
  { rows: names, columns }: Seen,
  weights: Weights,
  title: string,
): { readonly map: AttentionMap } | { readonly overlay: AttentionOverlay } {
  if (!('picture' in columns)) {
    const shown = weights.slice(0, names.length).map((row) => Array.from(row).slice(0, columns.length));
    return { map: { rowLabels: names, columnLabels: columns, weights: shown, title } };
  }
  const { picture } = columns;
  const steps = names.map((word, row) => ({ word, weights: Array.from(weights[row]!).slice(BEFORE_PATCHES) }));
  const patches = weights[0]!.length - BEFORE_PATCHES;
  const high = Math.round(Math.sqrt((patches * picture.height) / picture.width));
  return { overlay: { title, picture, grid: [high, patches / high], steps } };
}

/** Columns before those of patches: the vector of the whole picture. */
const BEFORE_PATCHES = 1;

/** The drawings that lie over no picture. */
export const plainMaps = (drawings: readonly Drawing[]): AttentionMap[] =>
  drawings.flatMap((one) => ('map' in one ? [one.map] : []));

/** Maps of an overlay's words over its grid, for where no picture is drawn. */
export function mapsOver({
  title,
  grid: [rows, columns],
  steps,
}: AttentionOverlay): (AttentionMap & { word: string })[] {
  return steps.map(({ word, weights }) => ({
    word,
    weights: Array.from({ length: rows }, (_, y) => Array.from(weights).slice(y * columns, (y + 1) * columns)),
    title: `${title}, ${word}`,
    rowAxis: 'patch down',
    columnAxis: 'patch across',
  }));
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
