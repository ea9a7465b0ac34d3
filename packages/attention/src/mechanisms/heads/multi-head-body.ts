import * as tf from '@tensorflow/tfjs-core';
import { alibi, both, relativePosition, resolveOffsets, type Bias } from '@heed/core';
import { joinBiases, type Comparison } from '../../comparison.js';
import type { Body, CompareCall, Parameters } from '../../definition.js';
import { linear, mergeHeads, repeatHeads, splitHeads } from '../../linear.js';
import type { Turning } from '../../positions/turning.js';
import type { Projection } from '../../projection.js';
import { dotProductScores } from '../../scores.js';
import { weightsOf } from '../../see.js';
import { gateOf } from './gate.js';
import type { MultiHeadConfig } from './multi-head-options.js';
import { headsOf } from './multi-head-parameters.js';
import { headNormalizer, learnedAlpha } from './normalizer.js';
import { normedHeads } from './qk-norm.js';
import { finisher, ownPositions, weightsOfOwn } from './own-positions.js';
import type { OwnPosition } from '../../own-position.js';
import { spanBias, spanLoss, spansOf } from './span.js';
import { streamingMask, turnedInCache, type StreamingMask } from './streaming.js';
import { mixHeads } from './talking-heads.js';
import { zeroMasked } from './zero-masked.js';

/** Multi-head attention with its parameters. */
export function bindMultiHead(config: MultiHeadConfig, parameters: Parameters, turning?: Turning): Body {
  const { heads, gate, span, streaming } = config;
  const { key_kernel, key_bias, value_kernel, value_bias, output_kernel, output_bias, gate_kernel } = parameters;
  const { value: valueHeads, context: contextHeads } = headsOf(config);
  return {
    heads,
    ...(streaming && { keeps: { first: streaming.sinks, last: streaming.window } }),
    readsAsStored: (config.normalizer ?? 'softmax') === 'softmax' && !config.talkingHeads && !span,
    takesPositions: config.rotary !== undefined && streaming === undefined,
    project(keySource, valueSource, start, positions) {
      const keys = normedHeads('key', linear(keySource, key_kernel!, key_bias), config, parameters); // [B, Hk, Tk, D]
      return {
        keys: turning ? turning.turn(keys, positions ? { positions } : { offset: start }) : keys,
        values: splitHeads(linear(valueSource, value_kernel!, value_bias), valueHeads), // [B, Hk, Tk, Dv]
      };
    },
    compare: (query, memory, call) => compare({ config, parameters, turning }, query, memory, call),
    combine(contexts, query) {
      const passed = gate ? tf.mul(contexts, gateOf(query, gate_kernel!, contextHeads)) : contexts;
      return linear(mergeHeads(passed as tf.Tensor4D), output_kernel!, output_bias);
    },
    between: (query, _, call, { scores, weights }) => ({
      ...(gate && { gate: gateOf(query, gate_kernel!, contextHeads) }),
      ...weightsOfOwn(
        own(config, parameters, () => plainHeads(config, parameters, query)),
        weights,
      ),
      ...(span && { span: tf.squeeze(spansOf(span, query, parameters), [-1]) }),
      ...(parameters['alpha'] && { alpha: learnedAlpha(parameters) }),
      ...(config.talkingHeads && {
        softmax: weightsOf(scores, call.masks.length > 0 ? both(...call.masks) : undefined),
      }),
    }),
    ...(span && { loss: (query: tf.Tensor3D) => spanLoss(span, spansOf(span, query, parameters)) }),
  };
}

interface Bound {
  readonly config: MultiHeadConfig;
  readonly parameters: Parameters;
  readonly turning: Turning | undefined;
}

function compare(
  { config, parameters, turning }: Bound,
  query: tf.Tensor3D,
  { keys, values }: Projection,
  call: CompareCall,
): Comparison {
  const { softCap } = config;
  const plain = plainHeads(config, parameters, query);
  const products = { ...placed(config, turning, plain, keys as tf.Tensor4D, call), softCap };
  const { masks, formula, biases } = positions(config, parameters, query, keys, call);
  const { sigmoid_bias, logit_kernel, weight_kernel } = parameters;
  const normalizer = headNormalizer(config, parameters);
  if (normalizer === undefined && logit_kernel === undefined) {
    const finish = finisher(own(config, parameters, () => plain));
    const more = { ...(formula && { formula }), ...(finish && { finish }) };
    return { op: 'dotProductAttention', ...products, value: values, biases, masks, ...more };
  }
  const all = formula ? [...masks, formula.dense()] : masks;
  const scores = dotProductScores({ ...products, bias: joinBiases(biases, call.bias) });
  const given = { op: 'weightedContext', masks: all, isBiased: true } as const;
  if (normalizer !== undefined) {
    const shifted = sigmoid_bias ? tf.add(scores, tf.reshape(sigmoid_bias, [1, config.heads, 1, 1])) : scores;
    return { ...given, normalizer, scores: shifted, value: repeatHeads(values, config.heads) };
  }
  return {
    ...given,
    scores: mixHeads(zeroMasked(scores, [...call.masks, ...all]), logit_kernel),
    value: values,
    reweigh: (weights) => mixHeads(weights, weight_kernel!),
  };
}

/** The query as heads, not turned: [B, Hq, T, D]. */
const plainHeads = (config: MultiHeadConfig, parameters: Parameters, query: tf.Tensor3D): tf.Tensor4D =>
  normedHeads('query', linear(query, parameters['query_kernel']!, parameters['query_bias']), config, parameters);

const scaleOf = ({ qkNorm, scale, headWidth }: MultiHeadConfig): number =>
  qkNorm === 'l2' ? 1 : (scale ?? 1 / Math.sqrt(headWidth));

/** Positions besides the memory's, which score queries that aren't turned: they have no place. */
function own(
  config: MultiHeadConfig,
  parameters: Parameters,
  plain: () => tf.Tensor4D,
): Readonly<Record<string, OwnPosition>> {
  const { softCap } = config;
  return ownPositions(config, parameters, (key) => {
    const products = tf.mul(tf.sum(tf.mul(plain(), tf.expandDims(key, 1)), -1), scaleOf(config));
    return softCap === undefined ? products : tf.mul(tf.tanh(tf.div(products, softCap)), softCap);
  });
}

/** Queries and keys turned by their positions, and the scale of their products. */
function placed(
  config: MultiHeadConfig,
  turning: Turning | undefined,
  plain: tf.Tensor4D,
  key: tf.Tensor4D,
  call: CompareCall,
): { readonly query: tf.Tensor4D; readonly key: tf.Tensor4D; readonly scale: number } {
  const { streaming } = config;
  const scale = scaleOf(config);
  if (turning === undefined) return { query: plain, key, scale };
  if (call.positions !== undefined) {
    return { query: turning.turn(plain, { positions: call.positions }), key, scale };
  }
  const places = placesOf(config, plain, key, call);
  if (streaming !== undefined && streaming.positions !== 'text') {
    return { ...turnedInCache(plain, key, turning, streaming, places), scale };
  }
  const offset = places.offsets.map((first) => first + places.evicted);
  return { query: turning.turn(plain, { offset }), key, scale };
}

/** The masks and biases of the mechanism itself. */
function positions(
  config: MultiHeadConfig,
  parameters: Parameters,
  query: tf.Tensor3D,
  keys: tf.Tensor,
  call: CompareCall,
): StreamingMask & { readonly biases: readonly Bias[] } {
  const { name, span, streaming } = config;
  const { relative } = parameters;
  const { alignment } = call;
  const shape = { queries: query.shape[1], keys: keys.shape[2]! };
  const soft = span && spanBias(`${name}: span`, span, spansOf(span, query, parameters), { ...shape, alignment });
  const { masks, formula }: StreamingMask = streaming
    ? streamingMask(streaming, placesOf(config, query, keys, call))
    : { masks: [] };
  return {
    masks: soft ? [...masks, soft.mask] : masks,
    ...(formula && { formula }),
    biases: [
      ...(config.alibi ? [alibi({ ...config.alibi, ...alignment })] : []),
      ...(relative ? [relativePosition(relative, alignment)] : []),
      ...(soft ? [soft.bias] : []),
    ],
  };
}

function placesOf(
  { name }: MultiHeadConfig,
  query: tf.Tensor,
  keys: tf.Tensor,
  { alignment, evicted }: CompareCall,
): { offsets: Int32Array; queries: number; keys: number; evicted: number } {
  // Time is the last axis but one, with heads and without.
  const shape = { batch: query.shape[0]!, queries: query.shape.at(-2)!, keys: keys.shape[2]! };
  return { ...shape, offsets: resolveOffsets(`${name}: positions`, alignment, shape), evicted };
}
