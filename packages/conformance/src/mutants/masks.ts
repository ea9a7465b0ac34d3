import type { MaskParts } from '@heed/core';
import { broadcastIndex } from '../oracle/masks.js';
import { attendsBy } from '../reference-backend.js';
import { map, ofMask, ofOperands, type Mutant } from './mutant.js';

type Band = NonNullable<MaskParts['band']>;

/** The mask with its band changed, when it has one. */
function ofBand(change: (band: Band, sizes: { queries: number; keys: number }) => Band): Mutant['kernels'] {
  return ofMask((mask, sizes) => (mask.band ? { ...mask, band: change(mask.band, sizes) } : mask));
}

export const maskMutants: readonly Mutant[] = [
  {
    id: 'causal off by one',
    group: 'masks',
    reason: /masks\/dot\/square\/causal: context.* is .*, expected/,
    spares: ['scale'],
    kernels: ofBand(({ lower, upper }) => ({ lower, upper: upper.map((j) => j + 1) })),
  },
  {
    id: 'causal and windows ignored',
    group: 'masks',
    reason: /masks\/dot\/causal-bottom-right: context/,
    spares: ['scale'],
    kernels: ofMask((mask) => ({ ...mask, band: undefined })),
  },
  {
    id: 'window exclusive on the left',
    group: 'masks',
    reason: /masks\/dot\/window-l1-r2-bottom-right: context/,
    spares: ['scale', 'bias', 'heads', 'dropout'],
    kernels: ofBand(({ lower, upper }, { queries }) => ({
      lower: lower.map((j) => (j > -queries ? j + 1 : j)),
      upper,
    })),
  },
  {
    id: 'bottom-right taken for top-left',
    group: 'masks',
    reason: /masks\/dot\/causal-bottom-right: context/,
    spares: ['scale'],
    kernels: ofBand(({ lower, upper }, { queries, keys }) => ({
      lower: lower.map((j) => j - (keys - queries)),
      upper: upper.map((j) => j - (keys - queries)),
    })),
  },
  {
    id: 'offsets of the first batch row used for all',
    group: 'masks',
    reason: /masks\/dot\/causal-offsets: context\[1,/,
    spares: ['scale', 'bias', 'heads', 'dropout'],
    kernels: ofBand(({ lower, upper }) => ({
      lower: lower.map(() => lower[0]),
      upper: upper.map(() => upper[0]),
    })),
  },
  {
    id: 'lengths ignored',
    group: 'masks',
    reason: /masks\/dot\/padding: context/,
    spares: ['outputs'],
    kernels: ofMask((mask) => ({ ...mask, lengths: undefined })),
  },
  {
    id: 'lengths off by one',
    group: 'masks',
    reason: /masks\/dot\/padding: context/,
    spares: ['outputs'],
    kernels: ofMask((mask, { keys }) =>
      mask.lengths ? { ...mask, lengths: mask.lengths.map((length) => Math.min(length + 1, keys)) } : mask,
    ),
  },
  {
    id: 'segments ignored',
    group: 'masks',
    reason: /masks\/dot\/segments: context/,
    spares: ['scale', 'heads', 'bias', 'dropout', 'normalizers'],
    kernels: ofMask((mask) => ({ ...mask, segments: undefined })),
  },
  {
    id: 'boolean mask inverted',
    group: 'masks',
    reason: /masks\/dot\/dense-tq-tk: context/,
    spares: ['scale', 'dropout'],
    kernels: (right) => ({
      dotProductAttention: (inputs, request) => right.dotProductAttention({ ...inputs, ...inverted(inputs) }, request),
      dotProductAttentionGrad: (inputs, request) =>
        right.dotProductAttentionGrad({ ...inputs, ...inverted(inputs) }, request),
    }),
  },
  {
    id: 'boolean mask of the first batch row used for all',
    group: 'masks',
    reason: /masks\/dot\/dense-b-1-1-tk: context\[1,/,
    spares: ['scale', 'dropout'],
    kernels: ofOperands((_operands, { mask }, request) => {
      const { dense } = request.mask;
      if (!dense) return {};
      const others = attendsBy({ ...request.mask, dense: undefined }, undefined, request);
      return {
        attends: (b, h, i, j) => others(b, h, i, j) && mask![broadcastIndex(dense, 0, h, i, j)] !== 0,
      };
    }),
  },
  {
    id: 'parts of a mask joined by or',
    group: 'masks',
    reason: /masks\/dot\/pair\/padding\+segments: context/,
    spares: ['scale', 'normalizers'],
    kernels: ofOperands((_operands, { mask }, request) => {
      const parts = Object.entries(request.mask).map(([part, value]) => attendsBy({ [part]: value }, mask, request));
      return { attends: (b, h, i, j) => parts.length === 0 || parts.some((attends) => attends(b, h, i, j)) };
    }),
  },
  {
    id: 'NaN on a masked row',
    group: 'masks',
    reason: /masks\/dot\/padding-zero: context.* is NaN, expected 0/,
    spares: ['scale', 'heads'],
    kernels: (right) => ({
      dotProductAttention: (inputs, request) => {
        const outputs = right.dotProductAttention(inputs, request);
        const { context, logSumExp } = outputs;
        const row = (n: number): number => logSumExp[Math.floor(n / request.valueWidth)];
        return { ...outputs, context: map(context, (x, n) => (row(n) === -Infinity ? NaN : x)) };
      },
    }),
  },
  {
    id: 'masked row attends to everything',
    group: 'masks',
    reason: /masks\/dot\/dense-empty-rows: weights.* is 0\.\d+, expected 0:/,
    spares: ['scale', 'heads'],
    kernels: ofOperands(({ attends, keys }) => ({
      attends: (b, h, i, j) => {
        for (let other = 0; other < keys; other++) if (attends(b, h, i, other)) return attends(b, h, i, j);
        return true;
      },
    })),
  },
  {
    id: 'masked scores only lowered by 1e4',
    group: 'large logits',
    reason: /large logits\/dot\/masked-above-attended: weights/,
    spares: ['scale', 'heads'],
    kernels: ofOperands(({ attends, bias, keys }) => ({
      attends: (b, h, i, _j) => {
        for (let other = 0; other < keys; other++) if (attends(b, h, i, other)) return true;
        return false;
      },
      bias: (b, h, i, j) => bias(b, h, i, j) - (attends(b, h, i, j) ? 0 : 1e4),
    })),
  },
  {
    id: 'a masked value multiplied by 0 instead of skipped',
    group: 'non-finite',
    reason: /non-finite\/dot\/under-padding\/nan: context.* is NaN, expected -?\d/,
    spares: ['masks', 'large logits'],
    kernels: (right) => ({
      dotProductAttention: (inputs, request) => {
        const outputs = right.dotProductAttention(inputs, request);
        const { heads, keyHeads, queries, keys, valueWidth } = request;
        const context = map(outputs.context, (x, n) => {
          const d = n % valueWidth;
          const row = Math.floor(n / valueWidth);
          const head = Math.floor(row / queries);
          const keyHead = Math.floor(head / heads) * keyHeads + Math.floor(((head % heads) * keyHeads) / heads);
          const weight = 0;
          let sum = x;
          for (let j = 0; j < keys; j++) sum += weight * inputs.value[(keyHead * keys + j) * valueWidth + d];
          return sum;
        });
        return { ...outputs, context };
      },
    }),
  },
  {
    id: 'gradient of a masked key multiplied by 0 instead of skipped',
    group: 'non-finite',
    reason: /non-finite\/dot\/under-padding\/nan: dQuery.* is NaN, expected -?\d/,
    spares: ['masks', 'large logits'],
    kernels: (right) => ({
      dotProductAttentionGrad: (inputs, request) => {
        const gradients = right.dotProductAttentionGrad(inputs, request);
        const poisoned = Array.from(inputs.key).some((x) => !Number.isFinite(x));
        return { ...gradients, dQuery: map(gradients.dQuery, (x) => (poisoned ? NaN : x)) };
      },
    }),
  },
  {
    id: 'attended NaN hidden',
    group: 'non-finite',
    reason: /non-finite\/dot\/attended\/key\/nan: context.* is 0, expected NaN/,
    spares: ['masks', 'large logits'],
    kernels: (right) => ({
      dotProductAttention: (inputs, request) => {
        const outputs = right.dotProductAttention(inputs, request);
        return { ...outputs, context: map(outputs.context, (x) => (Number.isNaN(x) ? 0 : x)) };
      },
    }),
  },
];

function inverted({ mask }: { mask?: ArrayLike<number> }): { mask?: ArrayLike<number> } {
  return mask ? { mask: map(mask, (x) => 1 - x) } : {};
}
