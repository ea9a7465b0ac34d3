import { encodeSafetensors } from '@heed/formats';
import { Config } from '../src/config.js';
import { findArchitecture } from '../src/families/index.js';
import { loadPretrained } from '../src/load-pretrained.js';
import { ParameterTree, type Parameter } from '../src/parameters.js';

export const SIZES = {
  vocab_size: 11,
  hidden_size: 8,
  intermediate_size: 12,
  num_hidden_layers: 4,
  num_attention_heads: 2,
  num_key_value_heads: 1,
  max_position_embeddings: 32,
  head_dim: 4,
  pad_token_id: 0,
  num_local_experts: 3,
  num_experts_per_tok: 2,
  sliding_window: 2,
  n_embd: 8,
  n_head: 2,
  n_layer: 2,
  max_window_layers: 1,
  dim: 8,
  n_heads: 2,
  n_layers: 2,
  hidden_dim: 12,
  d_model: 8,
  d_ff: 12,
  d_kv: 3,
  num_heads: 2,
  num_layers: 2,
  encoder_layers: 2,
  decoder_layers: 2,
  encoder_attention_heads: 2,
  decoder_attention_heads: 2,
  encoder_ffn_dim: 12,
  decoder_ffn_dim: 12,
  num_mel_bins: 4,
  max_source_positions: 2,
  max_target_positions: 8,
};

export const PICTURES = { ...SIZES, image_size: 4, patch_size: 2 };
/** Fields of every family's configuration, of models as small as can be. */
const ALL = { ...PICTURES, text_config: SIZES, vision_config: PICTURES, encoder: PICTURES, decoder: SIZES };

/** A model of random weights by its configuration alone. */
export async function randomModel(fields: Readonly<Record<string, unknown>>) {
  const json = { ...ALL, ...fields };
  const config = new Config(json);
  const { family, architecture } = findArchitecture(config);
  const asked = new Map<string, Parameter>();
  family.classes[architecture]!(config, new ParameterTree(new Map(), asked));
  let seed = 1;
  const next = (): number => {
    seed = (seed * 16807) % 2147483647;
    return seed / 2147483647 - 0.5;
  };
  const tensors = Object.fromEntries(
    [...asked.values()].map(({ name, shape, size }) => [
      name,
      { dtype: 'float32' as const, shape, data: Float32Array.from({ length: size }, next) },
    ]),
  );
  const files = {
    'config.json': new TextEncoder().encode(JSON.stringify(json)),
    'model.safetensors': encodeSafetensors(tensors),
  };
  return loadPretrained(files);
}
