import { throughBlock, toRows, toSequences, type TransformerBlock } from '@heed/nn';
import type * as tf from '@tensorflow/tfjs-core';
import { within, type Shape, type Shapes } from '../state/shapes.js';
import type { Tree } from '../state/tree.js';
import { attend, type Masks, type WeightsAsked } from './attend.js';
import type { Converted } from './definition.js';
import { normOf, normParameters } from './layer-norm.js';
import {
  blockOf,
  blockParameters,
  isLayer,
  layerShapes,
  under,
  type Side,
  type TransformerSettings,
} from './transformer-layer.js';

/** Whether keys are of `nn.TransformerEncoder` or `nn.TransformerDecoder`. */
export const isStack = (shapes: Tree<Shape>, side: Side): boolean => {
  const count = shapes.count('layers');
  return count > 0 && isLayer(shapes.under(`layers.${count - 1}`), side);
};

/** Shapes of a stack: its layers', and those of a norm after the last, where there is one. */
export function stackShapes(kind: string, shapes: Tree<Shape>, side: Side, settings: TransformerSettings): Shapes {
  const layers = namesOf(shapes).map((name) => within(name, layerShapes(kind, shapes.under(name), side, settings)));
  const all = Object.assign({}, ...layers) as Shapes;
  const norm = ['norm.weight', 'norm.bias'].some((key) => shapes.has(key));
  // A norm may have a bias in a stack of layers that have none.
  const bias = shapes.has('norm.bias') || Object.keys(all).some((key) => key.endsWith('bias'));
  const width = all['layers.0.norm1.weight']!;
  return { ...all, ...(norm && { 'norm.weight': width, ...(bias && { 'norm.bias': width }) }) };
}

const namesOf = (tree: Tree<unknown>): string[] =>
  Array.from({ length: Math.max(1, tree.count('layers')) }, (_, n) => `layers.${n}`);

/** Blocks one after another, and a norm after the last where there is one. */
export interface Stack {
  readonly blocks: readonly TransformerBlock[];
  readonly norm?: ((rows: tf.Tensor2D) => tf.Tensor2D) | undefined;
}

/** Parameters of a stack, those of its blocks under 'layers.0', 'layers.1', …, and those of the norm under 'norm'. */
export const stackParameters = (state: Tree<tf.Tensor>, side: Side): Converted => ({
  ...(Object.assign(
    {},
    ...namesOf(state).map((name) => under(name, blockParameters(state.under(name), side))),
  ) as Converted),
  ...(state.has('norm.weight') && under('norm', normParameters(state.under('norm')))),
});

export function stackOf(converted: Converted, side: Side, settings: TransformerSettings, shapes: Tree<Shape>): Stack {
  const norm = inside('norm', converted);
  return {
    blocks: namesOf(shapes).map((name) => blockOf(inside(name, converted), side, settings)),
    norm: norm['gain'] === undefined ? undefined : normOf(norm, settings.eps),
  };
}

/** Those of converted parameters that `under` has put under a key. */
export const inside = (key: string, converted: Converted): Converted =>
  Object.fromEntries(
    Object.entries(converted).flatMap(([name, tensor]) =>
      name.startsWith(`${key}/`) ? [[name.slice(key.length + 1), tensor]] : [],
    ),
  );

/** Masks whose positions are [B, T]. */
export type BatchedMasks = Omit<Masks, 'keyMask'> & { readonly keyMask?: tf.Tensor2D | undefined };

export interface StackPass {
  readonly masks: BatchedMasks;
  /** What decoders attend to, [B, S, E]. */
  readonly memory?: { readonly source: tf.Tensor3D; readonly masks: BatchedMasks };
  readonly weights: WeightsAsked | undefined;
}

export interface StackResult {
  /** [B, T, E] */
  readonly output: tf.Tensor3D;
  /** Attention weights of each block; none where they weren't asked for. */
  readonly weights: readonly tf.Tensor[];
  /** Those of attention to the memory, likewise. */
  readonly crossWeights: readonly tf.Tensor[];
}

/** x [B, T, E], through all blocks and the norm. */
export function throughStack(
  { blocks, norm }: Stack,
  x: tf.Tensor3D,
  { masks, memory, weights }: StackPass,
): StackResult {
  const [batch] = x.shape;
  const seen: tf.Tensor[] = [];
  const crossSeen: tf.Tensor[] = [];
  let rows = toRows(x);
  for (const block of blocks) {
    rows = throughBlock(block, rows, {
      attend(own, mechanism) {
        const found = attend(mechanism, { query: toSequences(own, batch) }, masks, weights);
        if (found.weights !== undefined) seen.push(found.weights);
        return toRows(found.context);
      },
      ...(memory && {
        attendToSource(own, mechanism) {
          const sources = { query: toSequences(own, batch), key: memory.source };
          const found = attend(mechanism, sources, memory.masks, weights);
          if (found.weights !== undefined) crossSeen.push(found.weights);
          return toRows(found.context);
        },
      }),
    });
  }
  const output = toSequences(norm === undefined ? rows : norm(rows), batch);
  return { output, weights: seen, crossWeights: crossSeen };
}
