import * as tf from '@tensorflow/tfjs';
import { MECHANISMS } from '@heed/attention';
import { mixtureLogits } from '@heed/core/model-ops';
import { outputsOf, type GraphTensors } from '@heed/nn';
import { beforeEach, describe, expect, it } from 'vitest';
import { CopyTable } from '../../nn/src/layers/copy-table.js';
import { CPU, useEngine } from '../../nn/test/engines.js';
import { NETWORKS, type EncoderDecoder, type Seq2SeqConfig, type TransformerConfig } from '../src/index.js';
import { expectClose, firstInputs, graphOf, ids, nextInputs, stir } from './graphs.js';
import { VARIANTS, reversed, symbols, tinyConfig } from './models.js';
import { TRANSFORMERS } from './transformers.js';

beforeEach(() => useEngine(CPU));

/** Models with every kind of attention that suits the states of a decoder. */
const kinds = MECHANISMS.filter(({ looksBack }) => looksBack !== true).map(
  ({ kind, suggest }): [string, Seq2SeqConfig] => {
    const attention = { kind, ...suggest?.({ width: 8, heads: 2 }) } as Seq2SeqConfig['attention'];
    return [
      kind,
      tinyConfig({ architecture: 'luong', output: 'tanh', cell: 'gruResetAfter', decoderUnits: 8, attention }),
    ];
  },
);

type Config = Seq2SeqConfig | TransformerConfig;

function create(config: Config): EncoderDecoder {
  const model = NETWORKS.find(({ kind }) => kind === config.kind)!.create(config as never) as EncoderDecoder;
  stir(model);
  return model;
}

const WORDS = ['abca', 'dbba', 'cada'];
const PAIRS = WORDS.map((word) => ({ source: symbols(word), target: reversed(word) }));

describe.each<readonly [string, Config]>([...VARIANTS, ...kinds, ...TRANSFORMERS])('%s', (_, config) => {
  const { sourceSymbols, targetSymbols } = config;
  const source = (): tf.Tensor2D =>
    ids(WORDS.map((word) => symbols(word).map((symbol) => sourceSymbols.indexOf(symbol) + 1)));
  /** The symbol before each place, place by place. */
  const before = [0, 1, 2, 3, 4].map((t) =>
    PAIRS.map(({ target }) => (t === 0 ? 0 : targetSymbols.indexOf(target[t - 1]) + 1)),
  );

  it('in parts gives what it gives under teacher forcing, and leaves nothing behind', () => {
    const model = create(config);
    const tensors = tf.memory().numTensors;
    tf.tidy(() => {
      const taught = model.teach(PAIRS);
      const copies = config.copying
        ? new CopyTable(WORDS.map(symbols), {
            number: numberIn(targetSymbols),
            size: targetSymbols.length + 1,
          } as never)
        : undefined;
      const step = graphOf(model, 'step');
      const made = tf.memory().numTensors;
      const encoded = graphOf(model, 'encoder').run({ source: source() });
      expect(tf.memory().numTensors).toBe(made + 1 + Object.keys(encoded).length);
      let inputs: GraphTensors = firstInputs(step, encoded, WORDS.length);
      const logits: tf.Tensor[] = [];
      const weights: tf.Tensor[] = [];
      for (const symbol of before) {
        const given = { ...inputs, symbol: tf.tensor1d(symbol, 'int32') };
        const had = tf.memory().numTensors;
        const after = step.run(given);
        expect(tf.memory().numTensors).toBe(had + Object.keys(after).length);
        inputs = nextInputs(inputs, after);
        logits.push(copies ? mixtureLogits(after as never, copies) : after['logits']);
        if (after['weights']) weights.push(after['weights']);
      }
      expectClose(tf.stack(logits, 1), taught.logits, 'logits');
      expect(weights.length).toBe(taught.weights ? before.length : 0);
      if (taught.weights) expectClose(tf.stack(weights, 1), taught.weights, 'weights');
    });
    expect(tf.memory().numTensors).toBe(tensors);
    model.dispose();
    expect(() => model.graphs!()).toThrow(expect.objectContaining({ code: 'DISPOSED' }));
  });

  it('says what its parts give', () => {
    const model = create(config);
    const step = graphOf(model, 'step');
    const given = outputsOf(step);
    expect(given['logits']).toEqual({ shape: ['batch', targetSymbols.length + 1], dtype: 'float32' });
    for (const [name, { shape }] of Object.entries(step.inputs)) {
      if (!name.startsWith('state/')) continue;
      const after = shape.map((axis) => (axis === 'past' ? 'past + 1' : axis));
      expect(given[name.replace('state/', 'next/')].shape).toEqual(after);
    }
    model.dispose();
  });
});

const numberIn =
  (all: readonly string[]) =>
  (symbol: string): number | undefined =>
    all.includes(symbol) ? all.indexOf(symbol) + 1 : undefined;

describe('a part', () => {
  it('refuses other tensors than it takes', () => {
    const model = create(tinyConfig());
    const encoder = graphOf(model, 'encoder');
    const refusal = (inputs: GraphTensors) => expect(() => encoder.run(inputs));
    refusal({}).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
    refusal({ sources: ids([[1]]) }).toThrow(expect.objectContaining({ code: 'UNKNOWN_OPTION' }));
    refusal({ source: tf.zeros([2, 3]) }).toThrow(expect.objectContaining({ code: 'DTYPE_UNSUPPORTED' }));
    const step = graphOf(model, 'step');
    const encoded = encoder.run({ source: ids([[1], [2]]) });
    expect(() => step.run({ ...encoded, symbol: tf.tensor1d([1], 'int32') })).toThrow(
      expect.objectContaining({ code: 'SHAPE_MISMATCH' }),
    );
    model.dispose();
  });
});
