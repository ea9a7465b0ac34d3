import { agreement, type AgreementCase } from '../case.js';
import { ALL_OUTPUTS, dot } from '../examples.js';

export const scale: readonly AgreementCase[] = [
  ...[1, 2, 5, 64].map((width) => agreement('scale', `dot/default/d${width}`, dot({ width, outputs: ALL_OUTPUTS }))),
  ...[1, 0.3, 2, -0.7, 0].map((scale) => agreement('scale', `dot/scale${scale}`, dot({ scale, outputs: ALL_OUTPUTS }))),
  ...[0.5, 1, 3, 50].map((softCap) =>
    agreement('scale', `dot/cap${softCap}`, dot({ softCap, magnitude: { query: 2 }, outputs: ALL_OUTPUTS })),
  ),
  agreement('scale', 'dot/scale0.25-cap2', dot({ scale: 0.25, softCap: 2, magnitude: { query: 5 } })),
  agreement('scale', 'dot/cap-saturated', dot({ softCap: 2, scale: 1, magnitude: { query: 100 } })),
  agreement(
    'scale',
    'dot/scale-cap-bias-mask-dropout',
    dot({
      scale: 0.6,
      softCap: 1.5,
      bias: { kind: 'dense', shape: [3, 5, 7] },
      mask: { kind: 'padding', lengths: [4, 7] },
      dropout: { rate: 0.3, seed: 5 },
      magnitude: { query: 3 },
      outputs: ALL_OUTPUTS,
    }),
  ),
];
