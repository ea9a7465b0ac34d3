import type { Config } from '../config.js';
import { rotaryFamily } from './rotary-decoder.js';

/**
 * Llama.
 *
 * @see Touvron et al. 2023, arXiv:2302.13971, §2.2; Grattafiori et al. 2024, arXiv:2407.21783, §3.2
 */
export const llama = rotaryFamily('Llama', () => ({}));

/**
 * Mistral: all layers see a window.
 *
 * @see Jiang et al. 2023, arXiv:2310.06825, §2
 */
export const mistral = rotaryFamily('Mistral', (config) => ({ slides: () => config.has('sliding_window') }));

/**
 * Qwen 2: biases of queries, keys and values.
 *
 * @see Yang et al. 2024, arXiv:2407.10671, §2.2
 */
export const qwen2 = rotaryFamily('Qwen2', (config) => ({
  biases: { projections: true, output: false },
  slides: slidesLate(config),
}));

/**
 * Qwen 3: norms of each head's queries and keys.
 *
 * @see Yang et al. 2025, arXiv:2505.09388, §2
 */
export const qwen3 = rotaryFamily('Qwen3', (config) => ({
  headWidth: 128,
  headNorms: true,
  slides: slidesLate(config),
}));

/** Whether layers see a window: where one is used at all, those from `max_window_layers` on. */
function slidesLate(config: Config): (n: number) => boolean {
  const isUsed = config.flag('use_sliding_window', false) && config.has('sliding_window');
  return (n) => isUsed && n >= config.index('max_window_layers', 28);
}
