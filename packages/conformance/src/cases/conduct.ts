import { NORMALIZERS } from '@heed/core';
import type { ConductCase } from '../case.js';
import type { Example } from '../example.js';
import { ALL_OUTPUTS, add, dot, linearly, weigh } from '../examples.js';
import { hashOf } from '../random.js';
import { SINGLE_MASKS } from './mask-specs.js';

/** Every feature that could make a kernel hold something: between them they reach each path of a backend. */
const EXAMPLES: Readonly<Record<string, Example>> = {
  'dot/plain': dot(),
  'dot/outputs': dot({ outputs: ALL_OUTPUTS }),
  'dot/groups': dot({ heads: 4, keyHeads: 2 }),
  'dot/causal': dot({ causal: { align: 'bottom-right' } }),
  'dot/padding': dot({ mask: SINGLE_MASKS['padding'] }),
  'dot/segments': dot({ mask: SINGLE_MASKS['segments'] }),
  'dot/two-dense-masks': dot({
    mask: {
      kind: 'both',
      masks: [
        { kind: 'dense', shape: [5, 7], attended: 0.7 },
        { kind: 'dense', shape: [3, 1, 7], attended: 0.7 },
      ],
    },
  }),
  'dot/cap-dropout': dot({ softCap: 2, dropout: { rate: 0.3, seed: 3 } }),
  'dot/biases': dot({
    bias: {
      kind: 'sum',
      biases: [
        { kind: 'dense', shape: [3, 5, 7], masked: 0.2 },
        { kind: 'alibi', align: 'top-left' },
        { kind: 'relativePosition', rows: 3, reach: 2, align: 'top-left' },
      ],
    },
    outputs: ALL_OUTPUTS,
  }),
  'dot/hooks': dot({ hooks: ['mixture', 'first keys', 'gain of weights'], outputs: ALL_OUTPUTS }),
  'dot/empty': dot({ keys: 0, outputs: ALL_OUTPUTS }),
  'dot/t67': dot({ batch: 1, queries: 67, keys: 67, causal: true }),
  'additive/plain': add(),
  'additive/hooks': add({ hooks: ['decay', 'causal'] }),
  'additive/outputs-mask-dropout': add({
    mask: { kind: 'dense', shape: [2, 1, 5, 7], attended: 0.6 },
    dropout: { rate: 0.3, seed: 4 },
    outputs: ALL_OUTPUTS,
  }),
  ...Object.fromEntries(
    NORMALIZERS.map((normalizer) => [
      `weighted/${normalizer}`,
      weigh({ normalizer, mask: SINGLE_MASKS['padding-zero'], outputs: ['weights'] }),
    ]),
  ),
  'linear/state': linearly({ outputs: ['state'] }),
  'linear/everything': linearly({
    outputs: ['state'],
    logDecay: [2, 3, 5],
    beta: [2, 3, 5],
    initialState: true,
    lengths: [5, 3],
  }),
  'linear/normalized': linearly({ outputs: ['state', 'normalizer'], normalize: true, logDecay: [2, 3, 5, 4] }),
  'linear/t40': linearly({ batch: 1, queries: 40, keys: 40, logDecay: [3] }),
};

const PASSES = ['forward', 'gradients'] as const;

export const leaks: readonly ConductCase[] = conduct('leak', 'leaks');
export const ownership: readonly ConductCase[] = conduct('ownership', 'ownership');
export const determinism: readonly ConductCase[] = conduct('repeat', 'determinism');

function conduct(kind: ConductCase['kind'], group: ConductCase['group']): ConductCase[] {
  return Object.entries(EXAMPLES).flatMap(([name, example]) =>
    PASSES.map((pass) => {
      const id = `${group}/${name}/${pass}`;
      return { kind, id, group, example, seed: hashOf(id), pass };
    }),
  );
}
