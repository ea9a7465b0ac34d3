import * as tf from '@tensorflow/tfjs';
import { createTally } from '@heed/attention';
import { findNetwork, type BatchSizes, type ConfigOf, type Network } from '@heed/nn';
import { beforeAll, describe, expect, it } from 'vitest';
import { costOfModel } from '../src/cost/model-cost.js';
import type { LanguageConfig } from '../src/language/config.js';
import type { MemoryConfig } from '../src/memory/config.js';
import { NETWORKS, type KnownNetwork } from '../src/networks.js';
import { recurrent } from '../src/recurrent/kind.js';
import { tinyConfig } from './models.js';
import { productsOf, selectCounted } from './products.js';

const letters = (count: number): string[] => Array.from({ length: count }, (_, n) => `s${n}`);

const common = { kind: 'language', symbols: letters(9), seed: 1, layers: 2, window: 64, dropout: 0 } as const;
const transformer: LanguageConfig = {
  ...common,
  architecture: 'transformer',
  width: 8,
  heads: 2,
  feedForwardWidth: 12,
  tiedEmbeddings: false,
};
const lstm: LanguageConfig = {
  ...common,
  architecture: 'lstm',
  embeddingWidth: 5,
  units: 6,
  outputUnits: 7,
  attention: { kind: 'none' },
};
const memory: MemoryConfig = {
  kind: 'memory',
  symbols: letters(9),
  classes: ['yes', 'no'],
  names: 3,
  facts: 5,
  factWords: 4,
  questionWords: 3,
  seed: 1,
  embeddingWidth: 6,
  units: 8,
  hops: 3,
  tying: 'none',
  attention: { kind: 'dot' },
  preferences: 2,
  supportWeight: 0.5,
  dropout: 0,
};

const BATCH = 2;
const TEXT = { symbols: ['s3', 's1', 's2', 's8'] };
const STORY = {
  facts: [['s1', 'Ann', 's2'], ['s3'], ['s1', 'Bob']],
  question: ['s4', 'Ann'],
  answer: ['Bob'],
  supports: [2],
};

/** Name, configuration, an item, its lengths. */
const CONFIGS: readonly (readonly [string, ConfigOf<KnownNetwork>, unknown, Omit<BatchSizes, 'batch'>])[] = [
  ['language transformer', transformer, TEXT, { source: 4, target: 5 }],
  [
    'tied, of texts that go on',
    { ...transformer, tiedEmbeddings: true },
    { ...TEXT, ends: false },
    { source: 4, target: 4 },
  ],
  ['language LSTM', lstm, TEXT, { source: 4, target: 5 }],
  ['language LSTM with attention', { ...lstm, attention: { kind: 'general' } }, TEXT, { source: 4, target: 5 }],
  ['memory', memory, STORY, { source: 3, target: 2 }],
  ['memory, tied, without time', { ...memory, tying: 'layerwise', preferences: 0 }, STORY, { source: 3, target: 2 }],
  ['memory of one hop', { ...memory, hops: 1 }, STORY, { source: 3, target: 2 }],
  ['memory without attention', { ...memory, attention: { kind: 'none' } }, STORY, { source: 3, target: 2 }],
];

describe.each(CONFIGS)('%s', (_, config, item, lengths) => {
  beforeAll(selectCounted);
  const items = Array.from({ length: BATCH }, () => item);
  const cost = costOfModel(config, { ...lengths, batch: BATCH });
  const make = () => findNetwork<Network>(config, NETWORKS).create(config);

  it('has the lengths and the parameters of the model', () => {
    const model = make();
    expect(findNetwork<Network>(config, NETWORKS).lengths(item)).toEqual(lengths);
    expect(cost.total.parameters).toBe(model.parameterCount);
    model.dispose();
  });

  it('counts the products of a forward pass', async () => {
    const model = make();
    const found = await productsOf(() => model.loss(items).dispose());
    expect(cost.total.forward.multiplyAdds).toBe(found.multiplyAdds - underMasks(config, lengths));
    model.dispose();
  });

  it('counts the products of a training step', async () => {
    const model = make();
    const found = await productsOf(() => {
      const { value, grads } = tf.variableGrads(() => model.loss(items), Object.values(model.parameters));
      tf.dispose([value, grads]);
    });
    const others = underMasks(config, lengths) + biasSums(config, lengths);
    expect(cost.total.training.multiplyAdds).toBe(found.multiplyAdds - others);
    model.dispose();
  });
});

/** Where there is a mask or a bias, core's composed form also counts the values that aren't finite, in products twice as wide. */
function underMasks(config: ConfigOf<KnownNetwork>, { source, target }: Omit<BatchSizes, 'batch'>): number {
  if (config.kind === 'memory') {
    const byTime = config.preferences > 0 && config.attention.kind !== 'none';
    return byTime ? config.hops * BATCH * (source + 1) * 2 * config.units : 0;
  }
  if (config.kind !== 'language') return 0;
  const pairs = BATCH * Math.max(source, target) ** 2;
  if (config.architecture === 'transformer') return config.layers * pairs * 2 * config.width;
  return config.attention.kind === 'none' ? 0 : pairs * 2 * config.units;
}

/** A memory network sums the gradients in its biases by products with ones, which are no part of the formulas. */
function biasSums(config: ConfigOf<KnownNetwork>, { source }: Omit<BatchSizes, 'batch'>): number {
  if (config.kind !== 'memory') return 0;
  const { units, hops, preferences, classes, attention } = config;
  const byTime = attention.kind === 'none' ? 0 : preferences * (2 * hops - 1);
  return BATCH * ((source + 2 + hops) * units + byTime + classes.length);
}

describe('costOfModel', () => {
  const sizes = { source: 3, target: 2, batch: 2 };

  it('takes formulas from networks that it is given', () => {
    const mine: Network = { ...(recurrent as Network), kind: 'mine', parse: () => ({ kind: 'mine', seed: 1 }) };
    const counted: Network = { ...mine, cost: (_, { batch }) => ({ all: createTally().parameters(batch).cost }) };
    const { kind, parts, total } = costOfModel({ kind: 'mine' }, sizes, { networks: [counted] });
    expect([kind, Object.keys(parts), total.parameters]).toEqual(['mine', ['all'], 2]);
    const uncounted = { networks: [{ ...mine, cost: undefined }, counted, recurrent] };
    expect(() => costOfModel({ kind: 'mine' }, sizes, uncounted)).toThrow('kinds with formulas are: mine, recurrent');
    expect(() => costOfModel(tinyConfig(), sizes, { networks: [] })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID' }),
    );
  });

  it('refuses a network that has no formulas, and options that it does not have', () => {
    const classifier = { kind: 'classifier' };
    expect(() => costOfModel(classifier, sizes)).toThrow(/no formulas for models of kind 'classifier'.*recurrent/);
    expect(() => costOfModel(tinyConfig(), sizes, { network: [] } as never)).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_OPTION' }),
    );
    expect(() => costOfModel(tinyConfig(), sizes, { networks: 'all' } as never)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
  });
});
