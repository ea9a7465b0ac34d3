import '@tensorflow/tfjs';
import { HeedError } from '@heed/base';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { stateOf } from '../test/cases.js';
import { fromTorch, modulesIn, toTorch, type AnyTorchOptions, type StateDict } from './index.js';

beforeAll(() => tf.setBackend('cpu'));

const IDS = [
  'mha-cross-kdim-vdim',
  'mha-bias-kv',
  'encoder-stack',
  'transformer-pre-gelu',
  'lstm-2-bidirectional',
  'gru',
  'lm-lstm',
];
const OPTIONS: readonly (AnyTorchOptions | { readonly kind: string })[] = [
  {},
  { heads: 2 },
  { heads: 1, prefix: 'encoder' },
  { heads: 2, prefix: 'layers.0' },
  { prefix: 'body' },
  { kind: 'LSTM' },
  { kind: 'Transformer', heads: 2 },
  { kind: 'LayerNorm' },
];

/** Keys that are another's, or nobody's. */
const KEYS = [
  'weight',
  'bias',
  'weight_hh_l3',
  'bias_ih_l0_reverse',
  'layers.9.linear1.weight',
  'norm.bias',
  '',
  '.',
  '__proto__',
];
const VALUES = [
  undefined,
  null,
  3,
  'x',
  [],
  {},
  { shape: [2] },
  { shape: 'a', data: [] },
  { shape: [-1], data: [] },
  new Float32Array(3),
];

const change = fc.oneof(
  fc.record({ kind: fc.constant('remove' as const), at: fc.nat() }),
  fc.record({ kind: fc.constant('rename' as const), at: fc.nat(), key: fc.constantFrom(...KEYS) }),
  fc.record({ kind: fc.constant('shape' as const), at: fc.nat(), shape: fc.array(fc.nat(9), { maxLength: 4 }) }),
  fc.record({ kind: fc.constant('value' as const), at: fc.nat(), value: fc.constantFrom(...VALUES) }),
);
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

function changed(state: StateDict, changes: readonly Change[]): StateDict {
  const entries: [string, unknown][] = Object.entries(state);
  for (const one of changes) {
    const [key, value] = entries[one.at % entries.length] ?? ['x', undefined];
    const at = entries.findIndex(([name]) => name === key);
    if (one.kind === 'remove' && entries.length > 1) entries.splice(at, 1);
    if (one.kind === 'rename') entries.push([one.key, value]);
    if (one.kind === 'value') entries[at] = [key, one.value];
    if (one.kind === 'shape') {
      const size = one.shape.reduce((product, length) => product * length, 1);
      entries[at] = [key, { shape: one.shape, data: new Float32Array(size) }];
    }
  }
  return Object.fromEntries(entries) as StateDict;
}

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 300);

it('a state dict that was changed is a module or a coded error, and leaves no tensors', () => {
  const given = [fc.constantFrom(...IDS), fc.constantFrom(...OPTIONS), fc.array(change, { maxLength: 4 })] as const;
  const property = fc.property(...given, (id, options, changes) => {
    const state = changed(stateOf(id), changes);
    const before = tf.memory().numTensors;
    try {
      modulesIn(state);
      const module = fromTorch(state, options as AnyTorchOptions);
      toTorch(module);
      module.dispose();
    } catch (error) {
      if (!HeedError.isInstance(error)) throw error;
    }
    expect(tf.memory().numTensors).toBe(before);
  });
  fc.assert(property, { numRuns: RUNS });
});
