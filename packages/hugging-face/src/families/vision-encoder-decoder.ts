import type { Config } from '../config.js';
import { linear } from '../layers/layer.js';
import { encoderDecoder, type Encoder } from '../networks/encoder-decoder.js';
import { imageEncoder } from '../networks/image-tower.js';
import type { ParameterTree } from '../parameters.js';
import type { Family } from './family.js';
import { gpt2Decoder } from './gpt2.js';
import { vitEncoder } from './vit.js';

/**
 * Pictures to texts: ViT, and GPT-2 with attention to its states.
 *
 * @see Li et al. 2021, arXiv:2109.10282, §3.1, for the form
 */
export const visionEncoderDecoder: Family = {
  prefix: 'model.',
  spare:
    /^encoder\.pooler\.|^decoder\.transformer\.h\.\d+\.(attn|crossattention)\.(bias|masked_bias)$|^decoder\.lm_head\.weight$/,
  classes: {
    VisionEncoderDecoderModel(config, weights) {
      const [ofPictures, ofTexts] = [config.section('encoder'), config.section('decoder')];
      ofPictures.refuseUnless(ofPictures.text('model_type', 'vit') === 'vit', 'model_type', 'an encoder of type "vit"');
      ofTexts.refuseUnless(ofTexts.text('model_type', 'gpt2') === 'gpt2', 'model_type', 'a decoder of type "gpt2"');
      const width = ofTexts.size('n_embd');
      const own = weights.at('decoder');
      const table = ofTexts.flag('tie_word_embeddings', true) ? own.at('transformer.wte') : own.at('lm_head');
      return encoderDecoder(
        pictures(ofPictures, width, weights),
        gpt2Decoder(ofTexts, own.at('transformer'), true),
        linear(table, width, ofTexts.size('vocab_size'), { bias: false }),
      );
    },
  },
};

/** States of pictures, which the decoder sees in its own width. */
function pictures(config: Config, width: number, weights: ParameterTree): Encoder {
  config.refuseUnless(config.size('hidden_size') === width, 'hidden_size', `the decoder's width, ${width}, for both`);
  return imageEncoder(vitEncoder(config, weights.at('encoder')));
}
