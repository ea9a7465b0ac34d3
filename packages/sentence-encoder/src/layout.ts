/** Sizes of one layer of the transformer: width of its input and output, number of heads H, width of a head D. */
export interface LayerSizes {
  readonly inputWidth: number;
  readonly headWidth: number;
}

/** Sizes of the published model. */
export const SIZES = {
  /** Rows of the embedding, two more than are ever looked up. */
  embeddingRows: 8002,
  embeddingWidth: 256,
  heads: 4,
  /** E, the width of the layers' outputs and of a sentence's vector. */
  width: 512,
  /** F, the width of the hidden part of the feed-forward layers. */
  feedForwardWidth: 1536,
  /** Greatest number of pieces of a sentence that are read; the rest is left out. */
  longest: 128,
  layers: [
    { inputWidth: 256, headWidth: 64 },
    { inputWidth: 512, headWidth: 128 },
  ] satisfies LayerSizes[],
} as const;

/** Name of a weight in the original's file, and the shape that it must have there. */
export interface WeightPlace {
  readonly name: string;
  readonly shape: readonly number[];
}

const GRAPH = 'module_apply_default/Encoder_en/KonaTransformer/Encode';
const MODULE = 'module/Encoder_en/KonaTransformer/Encode';
const CONCAT = 'ConcatPartitions/concat';

/**
 * Weights of the original's file by the keys that the parameters of `@heed/nn` have, but for what becomes several parameters (qkv) or
 * none (frequencies): see `parametersOf`. The original's names come from training code and constant folding.
 */
export function weightPlaces(): Record<string, WeightPlace> {
  const { embeddingRows, embeddingWidth, width } = SIZES;
  const places: Record<string, WeightPlace> = {
    embedding: { name: 'module/Embeddings_en', shape: [embeddingRows, embeddingWidth] },
    frequencies: {
      name: `${GRAPH}/TransformerStack/Layer_0/AddTimingSignal/TimingSignal/ExpandDims_1`,
      shape: [1, embeddingWidth / 2],
    },
    'output/kernel': { name: 'module/Encoder_en/hidden_layers/tanh_layer_0/weights', shape: [width, width] },
    'output/bias': { name: 'module/Encoder_en/hidden_layers/tanh_layer_0/bias', shape: [width] },
  };
  for (const [n, sizes] of SIZES.layers.entries()) {
    for (const [key, place] of Object.entries(layerPlaces(n, sizes))) places[`${n}/${key}`] = place;
  }
  return places;
}

function layerPlaces(n: number, { inputWidth, headWidth }: LayerSizes): Record<string, WeightPlace> {
  const { heads, width, feedForwardWidth } = SIZES;
  const inner = heads * headWidth;
  const layer = `${GRAPH}/Layer_${n}/TransformerLayer`;
  const stack = `${GRAPH}/TransformerStack/Layer_${n}/TransformerLayer`;
  const attention = `Layer_${n}/TransformerLayer/MultiheadAttention`;
  const norm = (part: string) => `${layer}/${part}layer_prepostprocess/layer_norm/layer_norm`;
  return {
    'attention_norm/gain': { name: `${norm('')}_scale/${CONCAT}`, shape: [inputWidth] },
    'attention_norm/bias': { name: `${norm('')}_bias/${CONCAT}`, shape: [inputWidth] },
    // These are kernels of a convolution over one position, as in the training code.
    'qkv/kernel': {
      name: `${MODULE}/${attention}/qkv_transform_single/kernel/part_0`,
      shape: [1, 1, inputWidth, 3 * inner],
    },
    'qkv/bias': { name: `${GRAPH}/${attention}/qkv_transform_single/bias/${CONCAT}`, shape: [3 * inner] },
    'attention/output_kernel': {
      name: `${MODULE}/${attention}/output_transform_single/kernel/part_0`,
      shape: [1, 1, inner, width],
    },
    'attention/output_bias': { name: `${GRAPH}/${attention}/output_transform_single/bias/${CONCAT}`, shape: [width] },
    'feed_forward_norm/gain': { name: `${norm('FFN/')}_scale/${CONCAT}`, shape: [width] },
    'feed_forward_norm/bias': { name: `${norm('FFN/')}_bias/${CONCAT}`, shape: [width] },
    'feed_forward/kernel': { name: `${stack}/FFN/conv1/Tensordot/Reshape_1`, shape: [width, feedForwardWidth] },
    'feed_forward/bias': { name: `${layer}/FFN/conv1/bias/${CONCAT}`, shape: [feedForwardWidth] },
    'feed_forward/output_kernel': { name: `${stack}/FFN/conv2/Tensordot/Reshape_1`, shape: [feedForwardWidth, width] },
    'feed_forward/output_bias': { name: `${layer}/FFN/conv2/bias/${CONCAT}`, shape: [width] },
    // Only a layer that widens its input has this kernel: x + attention(x) needs both of the same width.
    ...(inputWidth !== width && {
      'residual/kernel': { name: `${layer}/dense/kernel/${CONCAT}`, shape: [inputWidth, width] },
      'residual/bias': { name: `${layer}/dense/bias/${CONCAT}`, shape: [width] },
    }),
  };
}
