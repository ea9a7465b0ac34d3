import type { Config } from '../config.js';
import { ropeOf } from './rope.js';
import { rotaryFamily, type RotaryTraits } from './rotary-decoder.js';

/** What all of Gemma have: norms that multiply by 1 + weight, embeddings times √width, GELU by tanh in the gate. */
const gemmaTraits = (config: Config): RotaryTraits => ({
  headWidth: 256,
  normOffset: 1,
  embeddingScale: Math.sqrt(config.size('hidden_size')),
  activation: config.text('hidden_activation', 'gelu_pytorch_tanh'),
  tied: true,
});

/**
 * Gemma.
 *
 * @see Gemma Team 2024, arXiv:2403.08295, §2
 */
export const gemma = rotaryFamily('Gemma', gemmaTraits);

/** What Gemma 2 and 3 have: norms around each part, a soft cap of the logits, and a scale that doesn't go by the width of a head. */
const laterTraits = (config: Config): RotaryTraits => ({
  ...gemmaTraits(config),
  normsAround: true,
  scale: config.positive('query_pre_attn_scalar', 256) ** -0.5,
  logitsCap: capOf(config, 'final_logit_softcapping'),
});

const capOf = (config: Config, name: string): number | undefined =>
  config.has(name) ? config.number(name) : undefined;

/**
 * Gemma 2: soft caps, and a window in every second layer, the first one included.
 *
 * @see Gemma Team 2024, arXiv:2408.00118, §2
 */
export const gemma2 = rotaryFamily('Gemma2', (config) => ({
  ...laterTraits(config),
  softCap: capOf(config, 'attn_logit_softcapping'),
  slides: (n) => n % 2 === 0,
}));

/**
 * Gemma 3: norms of queries and keys, a window in all layers but every sixth, and frequencies of their own in those with a window. Its
 * configuration may have Gemma 2's cap of scores, which no code of transformers reads.
 *
 * @see Gemma Team 2025, arXiv:2503.19786, §2
 */
export const gemma3 = rotaryFamily(
  'Gemma3',
  (config) => ({
    ...laterTraits(config),
    headNorms: true,
    slides: (n) => (n + 1) % config.size('sliding_window_pattern', 6) !== 0,
    rotary: (layerType) =>
      layerType === 'sliding_attention' && !config.has('rope_parameters')
        ? { base: config.positive('rope_local_base_freq', 10_000) }
        : ropeOf(config, layerType, 1_000_000),
  }),
  'Gemma3Text',
);
