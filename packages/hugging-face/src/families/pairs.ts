import type { Config } from '../config.js';
import { linear, type Layer } from '../layers/layer.js';
import { encoderDecoder, textEncoder, type Encoder } from '../networks/encoder-decoder.js';
import { imageEncoder } from '../networks/image-tower.js';
import type { Network } from '../networks/network.js';
import type { Tower } from '../networks/tower.js';
import type { ParameterTree } from '../parameters.js';
import { bertDecoder, bertEncoder, bertWords } from './bert.js';
import type { Build, Family } from './family.js';
import { gpt2Decoder } from './gpt2.js';
import { robertaEncoder } from './roberta.js';
import { vitEncoder } from './vit.js';

/** An encoder of one family and a decoder of another, by what their configurations call them. */
export const pairs: Family = {
  prefix: 'model.',
  spare:
    /^encoder\.pooler\.|^decoder\.transformer\.h\.\d+\.(attn|crossattention)\.(bias|masked_bias)$|^decoder\.(lm_head\.weight|cls\.predictions\.(bias|decoder\.\w+))$|\.position_ids$/,
  classes: {
    /** Pictures to texts; Li et al. 2021, arXiv:2109.10282, §3.1, for the form. */
    VisionEncoderDecoderModel: pairOf({
      vit: (config, weights) => imageEncoder(vitEncoder(config, weights)),
    }),
    /** Texts to texts; Rothe, Narayan & Severyn 2019, arXiv:1907.12461, §3. */
    EncoderDecoderModel: pairOf({
      bert: (config, weights) => textEncoder(bertEncoder(config, weights)),
      roberta: (config, weights) => textEncoder(robertaEncoder(config, weights)),
    }),
  },
};

type Encoders = Readonly<Record<string, (config: Config, weights: ParameterTree) => Encoder>>;

interface Decoder {
  readonly width: number;
  readonly tower: Tower;
  readonly head: Layer;
}

/** Decoders by their `model_type`. */
const DECODERS: Readonly<Record<string, (config: Config, weights: ParameterTree) => Decoder>> = {
  gpt2(config, weights) {
    const width = config.size('n_embd');
    const table = config.flag('tie_word_embeddings', true) ? weights.at('transformer.wte') : weights.at('lm_head');
    return {
      width,
      tower: gpt2Decoder(config, weights.at('transformer'), true),
      head: linear(table, width, config.size('vocab_size'), { bias: false }),
    };
  },
  bert: (config, weights) => ({
    width: config.size('hidden_size'),
    tower: bertDecoder(config, weights.at('bert')),
    head: bertWords(config, weights.at('cls.predictions'), weights.at('bert')),
  }),
};

/** A pair with one of these encoders, whose states are projected where the decoder has another width. */
function pairOf(encoders: Encoders): Build {
  return (config, weights): Network => {
    config.refuseUnless(!config.flag('tie_encoder_decoder', false), 'tie_encoder_decoder', 'false');
    const [ofEncoder, ofDecoder] = [config.section('encoder'), config.section('decoder')];
    const encoder = kindOf(encoders, ofEncoder)(ofEncoder, weights.at('encoder'));
    const { width, tower, head } = kindOf(DECODERS, ofDecoder)(ofDecoder, weights.at('decoder'));
    const states = ofEncoder.size('hidden_size');
    if (states === width) return encoderDecoder(encoder, tower, head);
    ofDecoder.refuseUnless(
      !ofDecoder.has('cross_attention_hidden_size'),
      'cross_attention_hidden_size',
      'null, that is a projection between the two,',
    );
    return encoderDecoder({ ...encoder, bridge: linear(weights.at('enc_to_dec_proj'), states, width) }, tower, head);
  };
}

function kindOf<Kind>(kinds: Readonly<Record<string, Kind>>, config: Config): Kind {
  const name = config.text('model_type', Object.keys(kinds)[0]);
  config.refuseUnless(
    Object.hasOwn(kinds, name),
    'model_type',
    Object.keys(kinds)
      .map((kind) => JSON.stringify(kind))
      .join(' or '),
  );
  return kinds[name]!;
}
