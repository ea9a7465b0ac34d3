import * as tf from '@tensorflow/tfjs-core';
import type { RotaryConfig } from '@heed/attention';
import type { Config } from '../config.js';
import { activationOf } from '../layers/activation.js';
import { attention } from '../layers/attention.js';
import type { Block } from '../layers/block.js';
import { gatedFeedForward } from '../layers/feed-forward.js';
import { embedding, inTurn, linear, rmsNorm, type Layer } from '../layers/layer.js';
import { separate } from '../layers/project.js';
import { towerNetwork, type Head } from '../networks/tower-network.js';
import { lastOf, type Tower } from '../networks/tower.js';
import type { ParameterTree } from '../parameters.js';
import type { Build, Family } from './family.js';
import { labelsOf } from './labels.js';
import { ropeOf } from './rope.js';

/** What tells the decoders with rotary positions, root mean square norms and gated feed-forward layers apart. */
export interface RotaryTraits {
  /** Width of a head where the configuration says none; the model's by the number of heads by default. */
  readonly headWidth?: number;
  /** Whether queries, keys and values have biases, and whether what comes after them has. */
  readonly biases?: { readonly projections: boolean; readonly output: boolean };
  /** Added to the weights of norms; 0 by default. */
  readonly normOffset?: number;
  /** Whether parts have norms before and after them, rather than before alone. */
  readonly normsAround?: boolean;
  /** Whether queries and keys of each head are normalised. */
  readonly headNorms?: boolean;
  /** Factor of the embeddings. */
  readonly embeddingScale?: number;
  readonly scale?: number;
  readonly softCap?: number | undefined;
  /** Soft cap of the logits. */
  readonly logitsCap?: number | undefined;
  readonly sinks?: boolean;
  /** Whether layer n sees a window alone, where the configuration has no `layer_types`; none does by default. */
  readonly slides?: (n: number) => boolean;
  /** How positions turn in layers of a type. */
  readonly rotary?: (layerType: string) => Omit<RotaryConfig, 'layout'>;
  readonly activation?: string;
  /** The feed-forward layer; a gated one by default. */
  readonly feedForward?: (weights: ParameterTree) => Layer;
  /** Whether the last layer has the embeddings' weights, where the configuration doesn't say. */
  readonly tied?: boolean;
}

type TraitsOf = (config: Config) => RotaryTraits;

/**
 * The classes of a family of such decoders, whose names begin with `name`.
 *
 * @param body what names of those without a language model begin with, where it is something else
 */
export function rotaryFamily(name: string, traitsOf: TraitsOf, body = name): Family {
  const build =
    (headOf?: (config: Config, weights: ParameterTree, traits: RotaryTraits) => Head): Build =>
    (config, weights) => {
      const traits = traitsOf(config);
      return towerNetwork(decoder(config, weights, traits), headOf?.(config, weights, traits));
    };
  const width = (config: Config): number => config.size('hidden_size');
  return {
    prefix: 'model.',
    classes: {
      [`${body}Model`]: build(),
      [`${name}ForCausalLM`]: build((config, weights, { tied = false, logitsCap: cap }) => {
        const table = weights.at(config.flag('tie_word_embeddings', tied) ? 'embed_tokens' : 'lm_head');
        const logits = linear(table, width(config), config.size('vocab_size'), { bias: false });
        return { next: cap === undefined ? logits : inTurn(logits, (x) => tf.mul(tf.tanh(tf.div(x, cap)), cap)) };
      }),
      [`${body}ForSequenceClassification`]: build((config, weights) => {
        const score = linear(weights.at('score'), width(config), labelsOf(config), { bias: false });
        return { pooled: score, pool: lastOf(config.index('pad_token_id')) };
      }),
      [`${body}ForTokenClassification`]: build((config, weights) => ({
        each: linear(weights.at('score'), width(config), labelsOf(config)),
      })),
    },
  };
}

function decoder(config: Config, weights: ParameterTree, traits: RotaryTraits): Tower {
  const BOTH_WAYS = 'use_bidirectional_attention';
  config.refuseUnless(!config.flag(BOTH_WAYS, false), BOTH_WAYS, 'attention to what came before');
  const width = config.size('hidden_size');
  const vocabulary = config.size('vocab_size');
  const words = embedding(weights.at('embed_tokens'), vocabulary, width);
  const { embeddingScale: scale } = traits;
  return {
    vocabulary,
    embed: ({ ids }) => (scale === undefined ? words(ids) : tf.mul(words(ids), scale)),
    stack: {
      blocks: Array.from({ length: config.size('num_hidden_layers') }, (_, n) =>
        block(config, weights.at(`layers.${n}`), traits, layerTypeOf(config, traits, n)),
      ),
      norm: rmsNorm(weights.at('norm'), width, epsilonOf(config), traits.normOffset),
    },
  };
}

const SLIDING = 'sliding_attention';

function layerTypeOf(config: Config, { slides }: RotaryTraits, n: number): string {
  const given = config.has('layer_types') ? config.texts('layer_types')[n] : undefined;
  const type = given ?? (slides?.(n) === true ? SLIDING : 'full_attention');
  config.refuseUnless(type === SLIDING || type === 'full_attention', 'layer_types', 'full and sliding attention');
  return type;
}

function block(config: Config, weights: ParameterTree, traits: RotaryTraits, layerType: string): Block {
  const width = config.size('hidden_size');
  const heads = config.size('num_attention_heads');
  const keyHeads = config.size('num_key_value_heads', heads);
  const headWidth = config.size('head_dim', traits.headWidth ?? width / heads);
  const { normOffset, scale, softCap, normsAround } = traits;
  const hasBias = config.flag('attention_bias', false);
  const biases = traits.biases ?? { projections: hasBias, output: hasBias };
  const own = weights.at('self_attn');
  const to = (name: string, outputs: number): Layer =>
    linear(own.at(name), width, outputs, { bias: biases.projections });
  const norm = (name: string): Layer => rmsNorm(weights.at(name), width, epsilonOf(config), normOffset);
  const headNorm = (name: string): Layer | undefined =>
    traits.headNorms === true ? rmsNorm(own.at(name), headWidth, epsilonOf(config), normOffset) : undefined;
  return {
    attention: {
      before: norm('input_layernorm'),
      layer: attention({
        heads,
        keyHeads,
        headWidth,
        project: separate(
          to('q_proj', heads * headWidth),
          to('k_proj', keyHeads * headWidth),
          to('v_proj', keyHeads * headWidth),
        ),
        output: linear(own.at('o_proj'), heads * headWidth, width, { bias: biases.output }),
        causal: true,
        window: layerType === SLIDING ? config.size('sliding_window') : undefined,
        rotary: traits.rotary?.(layerType) ?? ropeOf(config, layerType),
        queryNorm: headNorm('q_norm'),
        keyNorm: headNorm('k_norm'),
        sinks: traits.sinks === true ? own.get('sinks', [heads]) : undefined,
        softCap,
        ...(scale !== undefined && { scale }),
      }),
      ...(normsAround === true && { after: norm('post_attention_layernorm') }),
    },
    feedForward: {
      before: norm(normsAround === true ? 'pre_feedforward_layernorm' : 'post_attention_layernorm'),
      layer: traits.feedForward?.(weights.at('mlp')) ?? gated(config, weights.at('mlp'), traits),
      ...(normsAround === true && { after: norm('post_feedforward_layernorm') }),
    },
  };
}

function gated(config: Config, weights: ParameterTree, { activation }: RotaryTraits): Layer {
  const [width, between] = [config.size('hidden_size'), config.size('intermediate_size')];
  const bias = config.flag('mlp_bias', false);
  const to = (name: string, inputs: number, outputs: number): Layer =>
    linear(weights.at(name), inputs, outputs, { bias });
  return gatedFeedForward(
    to('gate_proj', width, between),
    activationOf(activation ?? config.text('hidden_act', 'silu')),
    to('up_proj', width, between),
    to('down_proj', between, width),
  );
}

const epsilonOf = (config: Config): number => config.positive('rms_norm_eps', 1e-6);
