import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { costOfModel } from '../src/cost/model-cost.js';
import { findNetwork, type ConfigOf, type Network } from '@heed/nn';
import { NETWORKS, type KnownNetwork } from '../src/networks.js';
import type { EncoderDecoder } from '../src/encoder-decoder.js';
import type { Seq2SeqConfig } from '../src/recurrent/config.js';
import type { TransformerConfig } from '../src/transformer/config.js';
import { VARIANTS, tinyConfig } from './models.js';
import { productsOf, selectCounted } from './products.js';

const letters = (count: number, prefix: string): string[] => Array.from({ length: count }, (_, n) => `${prefix}${n}`);

const transformer: TransformerConfig = {
  kind: 'transformer',
  sourceSymbols: letters(4, 's'),
  targetSymbols: letters(5, 't'),
  seed: 1,
  width: 8,
  heads: 2,
  encoderLayers: 2,
  decoderLayers: 1,
  feedForwardWidth: 12,
  positions: 'sinusoidal',
  tiedEmbeddings: false,
  dropout: 0,
};

const luong = { architecture: 'luong', output: 'tanh', decoderUnits: 8 } as const;
const recurrent = (changes: Partial<Seq2SeqConfig>): Seq2SeqConfig =>
  tinyConfig({ sourceSymbols: letters(4, 's'), targetSymbols: letters(5, 't'), ...changes });

/** Name and configuration; of several kinds of attention those with parameters of their own. */
const CONFIGS: readonly (readonly [string, ConfigOf<KnownNetwork>])[] = [
  ...VARIANTS.map(
    ([name, config]) =>
      [name, recurrent({ ...config, sourceSymbols: letters(4, 's'), targetSymbols: letters(5, 't') })] as const,
  ),
  [
    'additive without bias, normalized',
    recurrent({ attention: { kind: 'additive', units: 3, bias: false, normalized: true } }),
  ],
  ['concat', recurrent({ attention: { kind: 'concat', units: 3 } })],
  ['cosine, learned', recurrent({ ...luong, attention: { kind: 'cosine', scale: 'learned' } })],
  ['scaledDotProduct', recurrent({ ...luong, attention: { kind: 'scaledDotProduct' } })],
  [
    'grouped heads without biases',
    recurrent({
      ...luong,
      attention: { kind: 'multiHead', heads: 4, keyHeads: 2, valueWidth: 3, outputWidth: 5, bias: false },
    }),
  ],
  ['many words', recurrent({ sourceSymbols: letters(600, 's'), targetSymbols: letters(700, 't'), copying: true })],
  ['transformer', transformer],
  ['transformer, tied, rotary', { ...transformer, tiedEmbeddings: true, positions: 'rotary', decoderLayers: 2 }],
  ['transformer, copying, many words', { ...transformer, copying: true, targetSymbols: letters(700, 't') }],
];

const problem = { source: 3, target: 2, batch: 2 };

describe.each(CONFIGS)('%s', (name, config) => {
  beforeAll(selectCounted);
  const make = (): EncoderDecoder => findNetwork<Network>(config, NETWORKS).create(config) as EncoderDecoder;
  const pairs = Array.from({ length: problem.batch }, () => ({
    source:
      config.kind === 'recurrent' || config.kind === 'transformer' ? config.sourceSymbols.slice(0, problem.source) : [],
    target:
      config.kind === 'recurrent' || config.kind === 'transformer' ? config.targetSymbols.slice(0, problem.target) : [],
  }));

  it('has the parameters of the model', () => {
    const model = make();
    const cost = costOfModel(config, problem);
    expect(cost.total.parameters).toBe(model.parameterCount);
    const count = (prefixes: readonly string[]): number =>
      Object.entries(model.parameters)
        .filter(([key]) => prefixes.some((prefix) => key.startsWith(prefix)))
        .reduce((sum, [, { size }]) => sum + size, 0);
    expect(cost.parts.embedding.parameters).toBe(count(['encoder/embedding', 'decoder/embedding']));
    expect(cost.parts.output.parameters).toBe(count(['output/', 'copying/']));
    model.dispose();
  });

  // What finds a bias by distances is a product in TensorFlow.js, and none elsewhere.
  if (name === 'relative positions') return;

  it('counts the products of a forward pass', async () => {
    const model = make();
    const found = await productsOf(() => model.loss(pairs).dispose());
    expect(costOfModel(config, problem).total.forward.multiplyAdds).toBe(found.multiplyAdds - underMasks(config));
    model.dispose();
  });

  it('counts the products of a training step', async () => {
    const model = make();
    const variables = Object.values(model.parameters);
    const found = await productsOf(() => {
      const { value, grads } = tf.variableGrads(() => model.loss(pairs), variables);
      tf.dispose([value, grads]);
    });
    const { training, forward } = costOfModel(config, problem).total;
    const kind = config.kind === 'recurrent' ? config.attention.kind : 'multiHead';
    // TensorFlow.js makes the gradients of additive scores in query, key and vector of elementwise ops.
    const elementwise = config.kind === 'recurrent' ? elementwiseOf(config) : 0;
    expect(training.multiplyAdds - elementwise).toBe(found.multiplyAdds - underMasks(config));
    expect(training.multiplyAdds).toBeGreaterThan(2 * forward.multiplyAdds);
    // Without attention all bytes are those of its products.
    if (kind === 'none') expect(training.bytes).toBe(found.bytes);
    model.dispose();
  });
});

const elementwiseOf = ({ attention }: Seq2SeqConfig): number =>
  'units' in attention ? 3 * problem.batch * problem.source * (problem.target + 1) * (attention.units ?? 0) : 0;

/** Where there is a mask, core's composed form also counts the values that aren't finite, in products twice as wide. */
function underMasks(config: ConfigOf<KnownNetwork>): number {
  if (config.kind !== 'transformer') return 0;
  return config.decoderLayers * problem.batch * (problem.target + 1) ** 2 * 2 * config.width;
}

describe('costOfModel', () => {
  it('refuses what is no model, and lengths that are none', () => {
    const code = (value: string) => expect.objectContaining({ code: value });
    expect(() => costOfModel({ kind: 'psychic' }, problem)).toThrow(code('CONFIG_INVALID'));
    expect(() => costOfModel({ ...transformer, width: -1 }, problem)).toThrow(code('CONFIG_INVALID'));
    expect(() => costOfModel(transformer, { ...problem, source: Number.NaN })).toThrow(code('INVALID_ARGUMENT'));
  });

  it('tells what attention adds as a difference', () => {
    const withIt = costOfModel(recurrent({}), problem).total;
    const without = costOfModel(recurrent({ attention: { kind: 'none' } }), problem).total;
    expect(withIt.forward.multiplyAdds - without.forward.multiplyAdds).toBe(
      // W₁h, W₂s, scores and contexts, M = 8, U = 7, Q = 6, S = 3, T = 3.
      2 * (3 * 8 * 7 + 3 * 6 * 7 + 3 * 3 * (7 + 8)),
    );
  });
});

it.each([{ kind: 'foo' }, { kind: 'additive' }, { kind: 'multiHead', heads: 4 }, { kind: 'multiHead' }])(
  'costOfModel refuses attention %o',
  (attention) => {
    const config = recurrent({ attention: attention as Seq2SeqConfig['attention'] });
    const call = (): unknown => costOfModel(config, { source: 3, target: 3, batch: 2 });
    expect(call).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  },
);
