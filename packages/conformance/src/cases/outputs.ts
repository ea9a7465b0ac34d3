import { agreement, type AgreementCase } from '../case.js';
import type { OutputName } from '../example.js';
import { ALL_OUTPUTS, add, dot, weigh } from '../examples.js';

const ASKED = [[], ['weights'], ['logSumExp'], ['weights', 'logSumExp']] as const;
const LOSSES: readonly (readonly OutputName[])[] = [['context'], ['weights'], ['logSumExp'], ['weights', 'logSumExp']];

/** A mask that leaves empty rows: their weights and logSumExp are asked for too. */
const mask = { kind: 'causal', offset: [-2, 3] } as const;

export const outputs: readonly AgreementCase[] = [
  ...ASKED.flatMap((outputs) => {
    const name = ['context', ...outputs].join('+');
    return [
      agreement('outputs', `dot/${name}`, dot({ mask, outputs })),
      agreement('outputs', `additive/${name}`, add({ mask, outputs })),
    ];
  }),
  agreement('outputs', 'weighted/context', weigh({ mask })),
  agreement('outputs', 'weighted/context+weights', weigh({ mask, outputs: ['weights'] })),
  // Gradients through one output at a time, so that none can stand in for another.
  ...LOSSES.flatMap((lossIn) => {
    const name = `loss-in-${lossIn.join('+')}`;
    return [
      agreement('outputs', `dot/${name}`, dot({ lossIn, outputs: ALL_OUTPUTS })),
      agreement('outputs', `additive/${name}`, add({ lossIn, outputs: ALL_OUTPUTS })),
    ];
  }),
  agreement(
    'outputs',
    'dot/loss-in-weights/masked-dropout',
    dot({
      mask,
      lossIn: ['weights'],
      dropout: { rate: 0.5, seed: 9 },
      outputs: ALL_OUTPUTS,
    }),
  ),
  agreement('outputs', 'weighted/loss-in-weights', weigh({ lossIn: ['weights'], outputs: ['weights'] })),
];
