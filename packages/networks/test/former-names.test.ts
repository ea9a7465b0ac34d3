import * as tf from '@tensorflow/tfjs';
import { decodeSafetensors, encodeSafetensors } from '@heed/formats';
import { decodeModel, encodeModel, findNetwork, type ConfigOf, type Network } from '@heed/nn';
import { beforeAll, describe, expect, it } from 'vitest';
import { NETWORKS, type KnownNetwork } from '../src/networks.js';
import { CPU, useEngine } from '../../nn/test/engines.js';

const transformer: ConfigOf<KnownNetwork> = {
  kind: 'transformer',
  sourceSymbols: ['a', 'b'],
  targetSymbols: ['A', 'B'],
  seed: 1,
  width: 8,
  heads: 2,
  encoderLayers: 1,
  decoderLayers: 1,
  feedForwardWidth: 12,
  positions: 'sinusoidal',
  tiedEmbeddings: true,
  dropout: 0,
};

const language: ConfigOf<KnownNetwork> = {
  kind: 'language',
  architecture: 'transformer',
  symbols: ['a', 'b'],
  seed: 1,
  layers: 1,
  window: 8,
  width: 8,
  heads: 2,
  feedForwardWidth: 12,
  tiedEmbeddings: false,
  dropout: 0,
};

/** A configuration of today, the names that its settings had, and an item. */
const CASES: readonly (readonly [ConfigOf<KnownNetwork>, Readonly<Record<string, string>>, unknown])[] = [
  [transformer, { feedForwardWidth: 'hiddenUnits', tiedEmbeddings: 'tied' }, { source: ['a', 'b'], target: ['B'] }],
  [language, { feedForwardWidth: 'hidden' }, { symbols: ['a', 'b', 'a'] }],
];

const renamed = (config: object, names: Readonly<Record<string, string>>): object =>
  Object.fromEntries(Object.entries(config).map(([name, value]) => [names[name] ?? name, value]));

describe.each(CASES)('former names of $kind', (config, names, item) => {
  beforeAll(() => useEngine(CPU));
  const network = findNetwork<Network>(config, NETWORKS);

  it('are read, and written as they are now', () => {
    const parsed = network.parse(renamed(config, names));
    expect(parsed).toEqual(config);
    expect(JSON.stringify(parsed)).toBe(JSON.stringify(network.parse(config)));
    const model = network.create(renamed(config, names) as never);
    expect(model.config).toEqual(config);
    model.dispose();
  });

  it('are refused beside those of now', () => {
    for (const [name, former] of Object.entries(names)) {
      const both = { ...config, [former]: config[name as keyof typeof config] };
      expect(() => network.parse(both)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    }
  });

  it('may stand in a file, whose model gives the same numbers', () => {
    const model = network.create(config);
    const { tensors, metadata } = decodeSafetensors(encodeModel(model));
    const former = { ...metadata, config: JSON.stringify(renamed(config, names)) };
    const read = decodeModel(encodeSafetensors(tensors, former), { networks: [network] });
    expect(read.config).toEqual(config);
    const [a, b] = [model, read].map((one) => tf.tidy(() => one.loss([item]).dataSync()));
    expect(a).toEqual(b);
    expect(encodeModel(read)).toEqual(encodeModel(model));
    model.dispose();
    read.dispose();
  });
});
