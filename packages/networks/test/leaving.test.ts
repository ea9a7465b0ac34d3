import * as tf from '@tensorflow/tfjs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Decoding } from '../src/decoding/decoding.js';
import type * as limitsModule from '../src/decoding/hypothesis.js';
import type * as leavingModule from '../src/decoding/leaving.js';
import { createSeq2Seq } from '../src/recurrent/seq2seq.js';
import { createTransformer } from '../src/transformer/transformer.js';
import { CPU, WASM, useEngine } from '../../nn/test/engines.js';
import { VARIANTS, symbols } from './models.js';
import { tinyTransformer } from './transformers.js';

type Leaving = typeof leavingModule;
type Limits = typeof limitsModule;

const settings = vi.hoisted(() => ({ isOff: false, searched: 0 }));
vi.mock('../src/decoding/leaving.js', async (original) => {
  const { whenOthersLeave } = await original<Leaving>();
  return { whenOthersLeave: (searching: boolean[]) => (settings.isOff ? undefined : whenOthersLeave(searching)) };
});
// Sources of one length are cut off one after the other, too.
vi.mock('../src/decoding/hypothesis.js', async (original) => ({
  ...(await original<Limits>()),
  greatestLength: () => 4 + 2 * (settings.searched++ % 8),
}));
afterEach(() => void (settings.isOff = false));

const MODELS = [
  ...VARIANTS.map(([name, config]) => [name, () => createSeq2Seq(config)] as const),
  ['transformer', () => createTransformer(tinyTransformer())] as const,
  [
    'transformer that copies',
    () => createTransformer(tinyTransformer({ copying: true, targetSymbols: ['A', 'a'] })),
  ] as const,
];
const SOURCES = {
  'unlike lengths': ['cabdabcd', 'ab', 'dcba', 'c', 'dabc', 'ba', 'a', 'dddddd'].map(symbols),
  // Whose steps are recorded and done again where the backend can.
  'one length': ['cabd', 'abcd', 'dcba', 'cccc', 'dabc', 'badd', 'acca', 'dddd'].map(symbols),
};
const ALLOWED = SOURCES['one length'].map((_, n) => (n % 3 === 0 ? new Set(['A', 'C', 'c']) : undefined));

/** Makes the end improbable, so that outputs are as long as they may be: of a new model, it may be the best symbol for all at once. */
function endLess(parameters: Readonly<Record<string, tf.Variable>>): void {
  const bias = parameters['output/bias']!;
  tf.tidy(() => bias.assign(tf.tensor1d([-4, ...bias.dataSync().slice(1)])));
}

/** Rows of each step of a search, and what it finds. */
async function watched<Found>(search: () => Promise<Found>): Promise<{ rows: number[]; found: Found }> {
  const step = vi.spyOn(Decoding.prototype, 'step');
  const found = await search();
  const rows = step.mock.calls.map(([ids]) => ids.length);
  step.mockRestore();
  return { rows, found };
}

describe.each([CPU, WASM] as const)('a source that is done leaves its batch, on %s', (engine) => {
  it.each(MODELS)('and the others find the same to the bit: %s', async (_, create) => {
    await useEngine(engine);
    const model = create();
    endLess(model.parameters);
    for (const sources of Object.values(SOURCES)) {
      const searches = [
        () => model.greedy(sources),
        () => model.greedy(sources, { allowed: ALLOWED }),
        () => model.beam(sources, { width: 3 }),
        () => model.beam(sources, { width: 2, allowed: ALLOWED, lengthPenalty: 1 }),
      ];
      for (const search of searches) {
        settings.isOff = true;
        const all = await watched<unknown>(search);
        settings.isOff = false;
        const fewer = await watched<unknown>(search);
        expect(fewer.found).toEqual(all.found);
        expect(new Set(all.rows).size).toBe(1);
        expect(fewer.rows).toHaveLength(all.rows.length);
        expect(fewer.rows.at(-1)! / all.rows[0]!).toBe(1 / 8);
      }
    }
    const before = tf.memory().numTensors;
    await model.greedy(SOURCES['one length']);
    await model.beam(SOURCES['unlike lengths']);
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });
});
