import { mixtureOfExperts } from '../layers/experts.js';
import { ropeOf } from './rope.js';
import { rotaryFamily } from './rotary-decoder.js';

/**
 * gpt-oss: a sink in each head, a window in every second layer, the first one included, and a mixture of experts.
 *
 * @see OpenAI 2025, arXiv:2508.10925, §2
 */
export const gptOss = rotaryFamily('GptOss', (config) => ({
  headWidth: 64,
  sinks: true,
  slides: (n) => n % 2 === 0,
  rotary: () => ropeOf(config, undefined, 150_000),
  feedForward: (weights) => {
    const [experts, chosen] = [config.size('num_local_experts'), config.size('num_experts_per_tok', 4)];
    config.refuseUnless(chosen <= experts, 'num_experts_per_tok', `at most ${experts} experts, which there are,`);
    return mixtureOfExperts(weights, {
      width: config.size('hidden_size'),
      between: config.size('intermediate_size'),
      experts,
      chosen,
    });
  },
}));
