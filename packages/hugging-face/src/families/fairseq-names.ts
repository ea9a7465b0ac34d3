import type { BlockNames } from '../layers/classic-block.js';

const namesOf = (part: string): BlockNames['attention'] => ({
  query: `${part}.q_proj`,
  key: `${part}.k_proj`,
  value: `${part}.v_proj`,
  output: `${part}.out_proj`,
  norm: `${part}_layer_norm`,
});

/** Names of blocks of an encoder, as fairseq had them and BART and Whisper have. */
export const ENCODER_NAMES: BlockNames = {
  attention: namesOf('self_attn'),
  feedForward: { up: 'fc1', down: 'fc2', norm: 'final_layer_norm' },
};

/** Those of blocks of a decoder. */
export const DECODER_NAMES: BlockNames = { ...ENCODER_NAMES, cross: namesOf('encoder_attn') };
