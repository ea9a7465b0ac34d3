import type { MechanismChoice } from '@heed/attention';
import type { TransformerLanguageConfig } from './config.js';

/** Self-attention of a block, without its widths and its seed. */
export const blockAttention = ({
  heads,
  attention = { kind: 'multiHead', heads, bias: false, rotary: { layout: 'half' } },
}: Pick<TransformerLanguageConfig, 'heads' | 'attention'>): MechanismChoice => attention;
