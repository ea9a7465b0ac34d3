import { attentionRollout } from '@heed/metrics';
import type { Outputs } from '@heed/hugging-face';
import * as tf from '@tensorflow/tfjs-core';
import type { AttentionStack, MapPlace, StackKind } from '../../engine/jobs.js';
import type { Side, Sides } from './sides.js';
import { smallMaps } from './small-maps.js';

/** Attention weights of a stack in memory: of each layer [H, Tq, Tk]. */
export interface Seen {
  readonly kind: StackKind;
  readonly of: string | null;
  readonly heads: number;
  readonly rolls: boolean;
  readonly rows: Side;
  readonly columns: Side;
  readonly layers: readonly Float32Array[];
}

interface Stack {
  readonly kind: StackKind;
  readonly field: keyof Outputs & `${string}ttentions`;
  /** Rows and columns of each of the batch. */
  readonly of: (sides: Sides) => readonly (readonly [rows: Side, columns: Side])[];
}

/** The stacks of a model's outputs, in the order in which they are shown. */
const STACKS: readonly Stack[] = [
  { kind: 'self', field: 'attentions', of: ({ source }) => [[source, source]] },
  { kind: 'cross', field: 'crossAttentions', of: ({ source, target }) => [[target, source]] },
  { kind: 'encoder', field: 'encoderAttentions', of: ({ source }) => [[source, source]] },
  { kind: 'decoder', field: 'decoderAttentions', of: ({ target }) => [[target, target]] },
  { kind: 'image', field: 'imageAttentions', of: ({ source }) => [[source, source]] },
  { kind: 'text', field: 'textAttentions', of: ({ texts }) => texts.map((text) => [text, text]) },
];

/**
 * Reads the attention of a model's outputs, layer by layer: each tensor is disposed of as soon as it is read.
 *
 * @param names texts, where there are several
 */
export async function readAttention(
  outputs: Outputs,
  sides: Sides,
  names: readonly string[],
): Promise<readonly Seen[]> {
  const stacks: Seen[] = [];
  for (const { kind, field, of } of STACKS) {
    const tensors = outputs[field];
    if (tensors === undefined || tensors.length === 0) continue;
    const heads = tensors[0]!.shape[1];
    const items = of(sides).map(([rows, columns], item) => ({ rows, columns, item, layers: [] as Float32Array[] }));
    for (const tensor of tensors) {
      for (const { rows, columns, item, layers } of items) {
        // What pads a text, or comes after a sound, isn't shown.
        const part = tf.slice(tensor, [item, 0, 0, 0], [1, heads, rows.labels.length, columns.labels.length]);
        layers.push(await part.data<'float32'>());
        part.dispose();
      }
      tensor.dispose();
    }
    for (const { item, ...seen } of items) {
      // What pads a text is masked; the silence after a sound is attended to.
      const isWhole = kind === 'text' || tensors[0]!.shape[3] === seen.columns.labels.length;
      const name = kind === 'text' && items.length > 1 ? names[item] : undefined;
      stacks.push({ kind, of: name ?? null, heads, rolls: kind !== 'cross' && isWhole, ...seen });
    }
  }
  return stacks;
}

/** Rollouts of a stack, computed once for all of its layers. */
const rollouts = new WeakMap<Seen, readonly (readonly Float32Array[])[]>();

/** One map of a stack, row by row. */
export function mapOf(seen: Seen, { layer, head }: Omit<MapPlace, 'stack'>): Float32Array {
  const { heads, rows, columns, layers } = seen;
  const [height, width] = [rows.labels.length, columns.labels.length];
  const size = height * width;
  if (head === 'rollout') {
    const rolled =
      rollouts.get(seen) ?? attentionRollout(layers.map((data) => ({ shape: [heads, height, width], data })));
    rollouts.set(seen, rolled);
    const map = new Float32Array(size);
    for (const [i, row] of rolled[layer]!.entries()) map.set(row, i * width);
    return map;
  }
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
  const { kind, of, heads, rolls, layers } = seen;
  const [rows, columns] = [seen.rows.labels, seen.columns.labels];
  const places = [...Array.from({ length: heads }, (_, head) => head), 'mean' as const];
  const maps = function* (): Generator<Float32Array> {
    for (const layer of layers.keys()) for (const head of places) yield mapOf(seen, { layer, head });
  };
  const small = smallMaps(maps(), { count: layers.length * places.length, rows: rows.length, columns: columns.length });
  return { kind, of, layers: layers.length, heads, rolls, rows, columns, patches: seen.columns.patches ?? null, small };
}
