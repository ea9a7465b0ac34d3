import type { DotProductAttentionRequest } from '@heed/core';
import { map, gradientOfRequest, ofOperands, ofRequest, scoreOf, type Mutant } from './mutant.js';

export const scoreMutants: readonly Mutant[] = [
  {
    id: 'scale dropped',
    group: 'scale',
    reason: /scale\/dot\/scale0\.3: context/,
    spares: ['additive', 'normalizers', 'manifest'],
    kernels: ofRequest((request) => ({ ...request, scale: 1 })),
  },
  {
    id: 'wrong default scale',
    group: 'scale',
    reason: /scale\/dot\/default\/d64: weights/,
    spares: ['additive', 'normalizers'],
    kernels: ofRequest((request) => {
      const isDefault = request.scale === 1 / Math.sqrt(request.width);
      return isDefault ? { ...request, scale: 1 / request.width } : request;
    }),
  },
  {
    id: 'scale forgotten in the gradient of the query',
    group: 'differences',
    reason: /differences\/dot\/base: dQuery/,
    spares: ['additive', 'normalizers'],
    kernels: (right) => ({
      dotProductAttentionGrad: (inputs, request) => {
        const gradients = right.dotProductAttentionGrad(inputs, request);
        return { ...gradients, dQuery: map(gradients.dQuery, (x) => x / request.scale) };
      },
    }),
  },
  {
    id: 'soft cap ignored',
    group: 'scale',
    reason: /scale\/dot\/cap1: context/,
    spares: ['masks', 'outputs', 'additive'],
    kernels: ofRequest((request) => ({ ...request, softCap: null })),
  },
  {
    id: 'soft cap ignored in the gradient',
    group: 'scale',
    reason: /scale\/dot\/cap1: dQuery/,
    spares: ['masks', 'outputs', 'additive'],
    kernels: gradientOfRequest((request) => ({ ...request, softCap: null })),
  },
  {
    id: 'bias added before the cap',
    group: 'bias',
    reason: /bias\/dot\/dense-after-cap: context/,
    spares: ['masks', 'heads', 'outputs'],
    kernels: ofOperands((operands) => {
      const { softCap, bias } = operands;
      if (softCap === null) return {};
      // A bias that makes cap(s) + bias' what cap(s + bias) would be.
      const cap = (s: number): number => softCap * Math.tanh(s / softCap);
      return {
        bias: (b, h, i, j) => {
          const score = scoreOf(operands, b, h, i, j);
          return cap(score + bias(b, h, i, j)) - cap(score);
        },
      };
    }),
  },
  {
    id: 'bias scaled with the scores',
    group: 'bias',
    reason: /bias\/dot\/dense-not-scaled: context/,
    spares: ['masks', 'outputs', 'additive'],
    kernels: ofOperands(({ bias, scale }) => ({ bias: (b, h, i, j) => bias(b, h, i, j) * scale })),
  },
  {
    id: 'bias ignored',
    group: 'bias',
    reason: /bias\/dot\/dense-5-7: context/,
    spares: ['masks', 'outputs', 'additive'],
    kernels: ofOperands(() => ({ bias: () => 0 })),
  },
  {
    id: 'gradient of a broadcast bias not summed over the batch',
    group: 'bias',
    reason: /bias\/dot\/dense-5-7: dBias/,
    spares: ['masks', 'outputs'],
    kernels: (right) => ({
      dotProductAttentionGrad: (inputs, request) => {
        const gradients = right.dotProductAttentionGrad(inputs, request);
        if (request.bias.dense?.[0] !== 1) return gradients;
        const firstRow = <T extends ArrayLike<number> | undefined>(values: T): T =>
          values && (map(values, (x, n) => (n < values.length / request.batch ? x : 0)) as unknown as T);
        const { dBias } = right.dotProductAttentionGrad(
          {
            ...inputs,
            dContext: firstRow(inputs.dContext),
            dLogSumExp: firstRow(inputs.dLogSumExp),
            ...(inputs.dWeights && { dWeights: firstRow(inputs.dWeights) }),
          },
          request,
        );
        return { ...gradients, dBias };
      },
    }),
  },
  {
    id: 'a row of −∞ bias gives NaN',
    group: 'bias',
    reason: /bias\/dot\/dense-minus-infinity-rows: context.* is NaN, expected 0/,
    spares: ['masks', 'outputs'],
    kernels: (right) => ({
      dotProductAttention: (inputs, request) => {
        const outputs = right.dotProductAttention(inputs, request);
        if (!request.bias.dense) return outputs;
        const { context, logSumExp } = outputs;
        const row = (n: number): number => logSumExp[Math.floor(n / request.valueWidth)];
        return { ...outputs, context: map(context, (x, n) => (row(n) === -Infinity ? NaN : x)) };
      },
    }),
  },
  {
    id: 'ALiBi with the sign of the distance',
    group: 'bias',
    reason: /bias\/dot\/alibi: context/,
    spares: ['masks', 'outputs'],
    kernels: ofOperands(({ bias }, _inputs, request) => {
      const { alibi } = request.bias;
      return {
        bias: (b, h, i, j) => {
          const distance = alibi ? j - i - alibi.offsets[b] : 0;
          return bias(b, h, i, j) + (distance < 0 ? 2 * alibi!.slopes[h] * -distance : 0);
        },
      };
    }),
  },
  {
    id: 'offsets of positions ignored by biases',
    group: 'bias',
    reason: /bias\/dot\/relative-offsets: context/,
    spares: ['masks', 'outputs'],
    kernels: ofRequest((request) => {
      const { alibi, relative } = request.bias;
      const none = new Int32Array(request.batch);
      return {
        ...request,
        bias: {
          ...request.bias,
          ...(alibi && { alibi: { ...alibi, offsets: none } }),
          ...(relative && { relative: { ...relative, offsets: none } }),
        },
      };
    }),
  },
  {
    id: 'relative positions the other way round',
    group: 'bias',
    reason: /bias\/dot\/relative: context/,
    spares: ['masks', 'outputs'],
    kernels: (right) => ({
      dotProductAttention: (inputs, request) => right.dotProductAttention(mirrored(inputs, request), request),
      dotProductAttentionGrad: (inputs, request) => right.dotProductAttentionGrad(mirrored(inputs, request), request),
    }),
  },
  {
    id: 'zero gradient for the table',
    group: 'bias',
    reason: /bias\/dot\/relative: dTable/,
    spares: ['masks', 'outputs'],
    kernels: (right) => ({
      dotProductAttentionGrad: (inputs, request) => {
        const { dTable, ...gradients } = right.dotProductAttentionGrad(inputs, request);
        return { ...gradients, ...(dTable && { dTable: map(dTable, () => 0) }) };
      },
    }),
  },
  {
    id: 'softmax without taking off the highest score',
    group: 'large logits',
    reason: /large logits\/dot\/all-near-10000: context.* is NaN/,
    spares: ['masks', 'outputs'],
    kernels: (right) => ({
      dotProductAttention: (inputs, request) => {
        const outputs = right.dotProductAttention(inputs, request);
        const { context, logSumExp } = outputs;
        const row = (n: number): number => logSumExp[Math.floor(n / request.valueWidth)];
        return {
          ...outputs,
          // exp overflows float32 above 88.7, and is 0 below −103.9.
          context: map(context, (x, n) => (row(n) > 88.7 || (row(n) < -103.9 && row(n) > -Infinity) ? NaN : x)),
        };
      },
    }),
  },
  {
    id: 'logSumExp without the highest score',
    group: 'large logits',
    reason: /large logits\/dot\/all-near-10000: logSumExp.* is Infinity/,
    spares: ['masks', 'heads'],
    kernels: (right) => ({
      dotProductAttention: (inputs, request) => {
        const outputs = right.dotProductAttention(inputs, request);
        return { ...outputs, logSumExp: map(outputs.logSumExp, (x) => Math.log(Math.fround(Math.exp(x)))) };
      },
    }),
  },
  {
    id: 'heads interleaved',
    group: 'heads',
    reason: /heads\/dot\/hq4-hk2: context/,
    spares: ['scale', 'outputs', 'bias'],
    kernels: ofOperands(({ keyHeads }) => ({ keyHeadOf: (h) => h % keyHeads })),
  },
  {
    id: 'gradients of a group taken from its last head',
    group: 'heads',
    reason: /heads\/dot\/hq4-hk2: dKey/,
    spares: ['scale', 'outputs', 'bias'],
    kernels: (right) => ({
      dotProductAttentionGrad: (inputs, request) => {
        const gradients = right.dotProductAttentionGrad(inputs, request);
        const { batch, heads, keyHeads } = request;
        const size = heads / keyHeads;
        const lastOnly = <T extends ArrayLike<number> | undefined>(values: T): T =>
          values &&
          (map(values, (x, n) => {
            const h = Math.floor(n / (values.length / (batch * heads))) % heads;
            return h % size === size - 1 ? x : 0;
          }) as unknown as T);
        const { dKey, dValue } = right.dotProductAttentionGrad(
          {
            ...inputs,
            dContext: lastOnly(inputs.dContext),
            dLogSumExp: lastOnly(inputs.dLogSumExp),
            ...(inputs.dWeights && { dWeights: lastOnly(inputs.dWeights) }),
          },
          request,
        );
        return { ...gradients, dKey, dValue };
      },
    }),
  },
  {
    id: 'keys after the last whole block of 16 dropped',
    group: 'shapes',
    reason: /shapes\/dot\/tq17-tk17: context/,
    spares: ['scale'],
    kernels: ofOperands(({ attends, keys }) => ({
      attends: (b, h, i, j) => attends(b, h, i, j) && (keys < 16 || j < keys - (keys % 16)),
    })),
  },
  {
    id: 'value columns beyond the head width not written',
    group: 'shapes',
    reason: /shapes\/dot\/dv31: context/,
    spares: ['additive', 'normalizers'],
    kernels: (right) => ({
      dotProductAttention: (inputs, request) => {
        const outputs = right.dotProductAttention(inputs, request);
        const { width, valueWidth } = request;
        return { ...outputs, context: map(outputs.context, (x, n) => (n % valueWidth < width ? x : 0)) };
      },
    }),
  },
];

/** The inputs with each row of the table back to front. */
function mirrored<T extends { table?: ArrayLike<number> }>(inputs: T, { bias }: DotProductAttentionRequest): T {
  if (!inputs.table) return inputs;
  const columns = 2 * bias.relative!.reach + 1;
  const { table } = inputs;
  return { ...inputs, table: map(table, (_, n) => table[n - (n % columns) + columns - 1 - (n % columns)]) };
}
