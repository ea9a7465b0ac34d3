import { normals } from '@heed/base';
import type { Tensors } from '@heed/formats';

/** A transformer of Hugging Face's kinds: its configuration, and the names and shapes of its weights. */
export interface ModelShape {
  readonly config: Readonly<Record<string, unknown>>;
  readonly shapes: Readonly<Record<string, readonly number[]>>;
}

export interface Size {
  readonly layers: number;
  readonly width: number;
  readonly heads: number;
  readonly vocabulary: number;
  readonly positions: number;
}

/** The sizes of GPT-2 small, 124 M parameters, and of all-MiniLM-L6; and such that a test takes seconds. */
export const SIZES = {
  full: {
    decoder: { layers: 12, width: 768, heads: 12, vocabulary: 50_257, positions: 1024 },
    encoder: { layers: 6, width: 384, heads: 12, vocabulary: 30_522, positions: 512 },
  },
  small: {
    decoder: { layers: 2, width: 64, heads: 4, vocabulary: 500, positions: 128 },
    encoder: { layers: 2, width: 64, heads: 4, vocabulary: 500, positions: 128 },
  },
} as const satisfies Readonly<Record<string, Readonly<Record<'decoder' | 'encoder', Size>>>>;

/** GPT-2, whose layers are stored [in, out]. No token ends a text, so that all continuations have one length. */
export function decoderShape({ layers, width, heads, vocabulary, positions }: Size): ModelShape {
  const linear = (name: string, inputs: number, outputs: number) => ({
    [`${name}.weight`]: [inputs, outputs],
    [`${name}.bias`]: [outputs],
  });
  const blocks = Array.from({ length: layers }, (_, n) => ({
    ...norm(`transformer.h.${n}.ln_1`, width),
    ...linear(`transformer.h.${n}.attn.c_attn`, width, 3 * width),
    ...linear(`transformer.h.${n}.attn.c_proj`, width, width),
    ...norm(`transformer.h.${n}.ln_2`, width),
    ...linear(`transformer.h.${n}.mlp.c_fc`, width, 4 * width),
    ...linear(`transformer.h.${n}.mlp.c_proj`, 4 * width, width),
  }));
  return {
    config: {
      architectures: ['GPT2LMHeadModel'],
      model_type: 'gpt2',
      n_layer: layers,
      n_embd: width,
      n_head: heads,
      vocab_size: vocabulary,
      n_positions: positions,
      activation_function: 'gelu_new',
      layer_norm_epsilon: 1e-5,
    },
    shapes: Object.assign(
      { 'transformer.wte.weight': [vocabulary, width], 'transformer.wpe.weight': [positions, width] },
      ...blocks,
      norm('transformer.ln_f', width),
    ) as ModelShape['shapes'],
  };
}

/** BERT without a head, as sentence encoders are. */
export function encoderShape({ layers, width, heads, vocabulary, positions }: Size): ModelShape {
  const linear = (name: string, inputs: number, outputs: number) => ({
    [`${name}.weight`]: [outputs, inputs],
    [`${name}.bias`]: [outputs],
  });
  const blocks = Array.from({ length: layers }, (_, n) => ({
    ...linear(`encoder.layer.${n}.attention.self.query`, width, width),
    ...linear(`encoder.layer.${n}.attention.self.key`, width, width),
    ...linear(`encoder.layer.${n}.attention.self.value`, width, width),
    ...linear(`encoder.layer.${n}.attention.output.dense`, width, width),
    ...norm(`encoder.layer.${n}.attention.output.LayerNorm`, width),
    ...linear(`encoder.layer.${n}.intermediate.dense`, width, 4 * width),
    ...linear(`encoder.layer.${n}.output.dense`, 4 * width, width),
    ...norm(`encoder.layer.${n}.output.LayerNorm`, width),
  }));
  return {
    config: {
      architectures: ['BertModel'],
      model_type: 'bert',
      num_hidden_layers: layers,
      hidden_size: width,
      num_attention_heads: heads,
      intermediate_size: 4 * width,
      vocab_size: vocabulary,
      max_position_embeddings: positions,
      type_vocab_size: 2,
      hidden_act: 'gelu',
      layer_norm_eps: 1e-12,
    },
    shapes: Object.assign(
      {
        'embeddings.word_embeddings.weight': [vocabulary, width],
        'embeddings.position_embeddings.weight': [positions, width],
        'embeddings.token_type_embeddings.weight': [2, width],
      },
      norm('embeddings.LayerNorm', width),
      ...blocks,
    ) as ModelShape['shapes'],
  };
}

const norm = (name: string, width: number) => ({ [`${name}.weight`]: [width], [`${name}.bias`]: [width] });

/** Standard deviation of both models' first weights in transformers. */
const DEVIATION = 0.02;

/** Weights from a seed: normal numbers, those of gains around 1. */
export function weightsOf({ shapes }: ModelShape, seed: number): Tensors {
  const made = Object.entries(shapes).map(([name, shape]) => {
    const count = shape.reduce((size, length) => size * length, 1);
    const mean = /(ln_\w+|LayerNorm)\.weight$/.test(name) ? 1 : 0;
    const data = normals(count, { stream: 'inputs', seed, name }).map((x) => mean + DEVIATION * x);
    return [name, { dtype: 'float32', shape, data }] as const;
  });
  return Object.fromEntries(made);
}
