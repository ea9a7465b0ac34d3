import * as tf from '@tensorflow/tfjs-core';
import {
  dense,
  relativePosition,
  resolveOffsets,
  slidingWindow,
  type Alignment,
  type Bias,
  type Mask,
} from '@heed/core';
import * as v from 'valibot';
import { asked } from '../../asked.js';
import type { Parameters } from '../../definition.js';
import { count, finite, positive } from '../../fields.js';
import { linear } from '../../linear.js';
import type { ParameterSpec } from '../../parameters.js';
import { filled, zeros } from './layers.js';

/** Settings of adaptive spans. */
export interface Span {
  /** The longest distance that may be attended to. */
  readonly max: number;
  /** Over how many positions the mask falls from 1 to 0; 32 by default. */
  readonly ramp?: number | undefined;
  /** Whether the span is one of each query, max·σ(x·span_kernel + span_bias), in place of one of each head; false by default. */
  readonly dynamic?: boolean | undefined;
  /** Span of each head before training, in positions; half of max by default. Of spans that aren't dynamic. */
  readonly initial?: number | undefined;
  /** Whether a query attends to its own position; true by default. */
  readonly includeSelf?: boolean | undefined;
  /** Factor of the mean span in the loss; 0 by default. */
  readonly lossWeight?: number | undefined;
}

export const spanSchema = v.pipe(
  v.strictObject({
    max: v.pipe(count, v.minValue(1)),
    ramp: v.optional(positive),
    dynamic: v.optional(v.boolean()),
    initial: v.optional(finite),
    includeSelf: v.optional(v.boolean()),
    lossWeight: v.optional(v.pipe(finite, v.minValue(0))),
  }),
  v.check(({ dynamic, initial }) => !(dynamic && initial !== undefined), 'a dynamic span has no initial value'),
);

/** As in the paper's experiments. */
const DEFAULT_RAMP = 32;

export const spanSpecs = (
  span: Span | undefined,
  { heads, queryWidth }: { readonly heads: number; readonly queryWidth: number },
): Record<string, ParameterSpec> =>
  span === undefined
    ? {}
    : span.dynamic
      ? { span_kernel: zeros([queryWidth, heads]), span_bias: zeros([heads]) }
      : { span: filled([heads], span.initial ?? span.max / 2) };

/** z, how far each head looks: [1, H, 1, 1], or dynamic [N, H, T, 1]. */
export function spansOf({ dynamic, max }: Span, query: tf.Tensor3D, parameters: Parameters): tf.Tensor4D {
  const { span, span_kernel, span_bias } = parameters;
  if (!dynamic) return tf.reshape(span!, [1, span!.size, 1, 1]);
  const spans = tf.mul(tf.sigmoid(linear(query, span_kernel!, span_bias)), max); // [N, T, H]
  return tf.expandDims(tf.transpose(spans, [0, 2, 1]), -1) as tf.Tensor4D;
}

/** The loss: lossWeight·mean z, eq. 7. */
export const spanLoss = ({ lossWeight = 0 }: Span, spans: tf.Tensor): tf.Scalar =>
  tf.mul(tf.mean(spans), lossWeight) as tf.Scalar;

/**
 * The soft mask m_z(x) = clamp((ramp + z − x)/ramp, 0, 1) of the distance x = i − j as a bias log m, so that weights are
 * m·exp(s)/Σ m·exp(s), eq. 5 and 6; −∞ masks. Spans of heads are a table of distances, which kernels take as it is; dynamic ones are a
 * tensor [N, H, T, Tk]. The window lets kernels skip what no span reaches.
 */
export function spanBias(
  what: string,
  span: Span,
  spans: tf.Tensor4D,
  { alignment, queries, keys }: { readonly alignment: Alignment; readonly queries: number; readonly keys: number },
): { readonly bias: Bias; readonly mask: Mask } {
  const { max, includeSelf = true } = span;
  const mask = slidingWindow({ left: max, right: 0, ...alignment });
  const nearest = includeSelf ? 0 : 1;
  if (!span.dynamic) {
    // table[h, j − i + max]: the distances max … 0, and later positions, which the window masks.
    const distances = Float32Array.from({ length: 2 * max + 1 }, (_, n) => max - n);
    const logs = logMask(tf.tensor2d(distances, [1, distances.length]), tf.reshape(spans, [-1, 1]), span, nearest);
    return { bias: relativePosition(logs, alignment), mask };
  }
  const batch = spans.shape[0];
  const offsets = resolveOffsets(what, alignment, { batch, queries, keys });
  const away = tf.buffer([offsets.length, 1, queries, keys]);
  offsets.forEach((offset, b) => {
    for (let i = 0; i < queries; i++) for (let j = 0; j < keys; j++) away.set(i + offset - j, b, 0, i, j);
  });
  return { bias: dense(logMask(away.toTensor(), spans, span, nearest)), mask };
}

/** log m_z(x), −∞ where m is 0 or x is nearer than may be. */
function logMask(distances: tf.Tensor, spans: tf.Tensor, { ramp = DEFAULT_RAMP }: Span, nearest: number): tf.Tensor {
  const raw = tf.div(tf.sub(tf.add(spans, ramp), distances), ramp);
  const far = tf.greaterEqual(distances, nearest);
  const isIn = asked(raw, (m) => tf.logicalAnd(tf.greater(m, 0), tf.broadcastTo(far, m.shape)));
  const isSoft = asked(raw, (m) => tf.logicalAnd(tf.greater(m, 0), tf.less(m, 1)));
  const logs = tf.log(tf.where(isSoft, raw, tf.onesLike(raw)));
  return tf.where(isIn, logs, tf.fill(raw.shape, -Infinity));
}
