import type { Outputs } from '@heed/hugging-face';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import type { AttentionStack, MapPlace, StackKind } from '../../engine/jobs.js';
import { smallMaps } from './small-maps.js';

/** Attention weights of a stack in memory: of each layer [H, Tq, Tk], of the first sequence. */
export interface Seen {
  readonly kind: StackKind;
  readonly heads: number;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly layers: readonly Float32Array[];
}

/** Labels of what is attended to and from. */
export interface Sides {
  readonly source: readonly string[];
  readonly target: readonly string[];
}

/** The stacks of a model's outputs, in the order in which they are shown, with their rows and columns. */
const STACKS = [
  ['self', 'attentions', 'source', 'source'],
  ['cross', 'crossAttentions', 'target', 'source'],
  ['encoder', 'encoderAttentions', 'source', 'source'],
  ['decoder', 'decoderAttentions', 'target', 'target'],
] as const satisfies readonly (readonly [StackKind, keyof Outputs, keyof Sides, keyof Sides])[];

/** Reads the attention of a model's outputs, layer by layer: each tensor is disposed of as soon as it is read. */
export async function readAttention(outputs: Outputs, sides: Sides): Promise<readonly Seen[]> {
  const stacks: Seen[] = [];
  for (const [kind, field, rows, columns] of STACKS) {
    const tensors = outputs[field];
    if (tensors === undefined || tensors.length === 0) continue;
    stacks.push({
      kind,
      heads: tensors[0]!.shape[1],
      rows: sides[rows],
      columns: sides[columns],
      layers: await layersOf(tensors),
    });
  }
  return stacks;
}

async function layersOf(tensors: readonly Tensor4D[]): Promise<readonly Float32Array[]> {
  const layers: Float32Array[] = [];
  for (const tensor of tensors) {
    layers.push(await tensor.data<'float32'>());
    tensor.dispose();
  }
  return layers;
}

/** One map of a stack: of a head, or the mean of all. */
export function mapOf({ heads, rows, columns, layers }: Seen, { layer, head }: Omit<MapPlace, 'stack'>): Float32Array {
  const size = rows.length * columns.length;
  const weights = layers[layer]!;
  if (head !== 'mean') return weights.subarray(head * size, (head + 1) * size);
  const mean = new Float32Array(size);
  for (let h = 0; h < heads; h++) {
    const from = h * size;
    for (let n = 0; n < size; n++) mean[n]! += weights[from + n]! / heads;
  }
  return mean;
}

/** What a page draws first of a stack. */
export function overviewOf(seen: Seen): AttentionStack {
  const { kind, heads, rows, columns, layers } = seen;
  const places = [...Array.from({ length: heads }, (_, head) => head), 'mean' as const];
  const maps = function* (): Generator<Float32Array> {
    for (const layer of layers.keys()) for (const head of places) yield mapOf(seen, { layer, head });
  };
  const small = smallMaps(maps(), { count: layers.length * places.length, rows: rows.length, columns: columns.length });
  return { kind, layers: layers.length, heads, rows, columns, small };
}
