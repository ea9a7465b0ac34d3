import * as tf from '@tensorflow/tfjs';
import { MECHANISMS, type MechanismDefinition } from '@heed/attention';
import { decodeModel, encodeModel, Parameters } from '@heed/nn';
import { beforeAll, describe, expect, it } from 'vitest';
import { nearness } from '../../attention/test/made-up.js';
import { costOfModel } from '../src/cost/model-cost.js';
import { createAttention } from '../src/recurrent/attention.js';
import type { AttentionChoice } from '../src/recurrent/config.js';
import { recurrentOf } from '../src/recurrent/kind.js';
import { createSeq2Seq } from '../src/recurrent/seq2seq.js';
import { CPU, useEngine, values } from '../../nn/test/engines.js';
import { tinyConfig } from './models.js';

const DEFINITIONS: readonly MechanismDefinition[] = MECHANISMS;
const choiceOf = ({ kind, suggest }: MechanismDefinition): AttentionChoice =>
  ({ kind, ...suggest?.({ width: 5, heads: 2 }) }) as AttentionChoice;

const CHOICES: readonly AttentionChoice[] = [
  // A decoder's states sit on no position that they could look back from.
  ...DEFINITIONS.filter(({ looksBack }) => !looksBack).map(choiceOf),
  { kind: 'additive', units: 5, normalized: true },
];

/** Kinds whose weights need not sum to 1. */
const UNNORMALIZED = new Set(['gmm', 'localP', 'mocha', 'monotonic', 'stepwiseMonotonic', 'visualSentinel']);

describe('attention over padded memories', () => {
  beforeAll(() => useEngine(CPU));
  const lengths = Int32Array.of(4, 1, 2);
  const encoded = () => ({ memory: tf.tensor3d(values(3 * 4 * 6), [3, 4, 6]), lengths, last: {} });
  const queries = () => tf.tensor3d(values(3 * 2 * 6, 5), [3, 2, 6]);

  it.each(CHOICES)('$kind gives padding a weight of exactly 0', (choice) => {
    const parameters = new Parameters(1);
    const attention = createAttention(choice, parameters, { queryWidth: 6, memoryWidth: 6 });
    const prepared = attention.prepare(encoded());
    const { weights } = prepared.attend(queries(), { returnWeights: true });
    expect(weights!.shape).toEqual([3, 2, 4]);
    weights!.arraySync().forEach((rows, b) => {
      for (const row of rows) {
        expect(row.slice(lengths[b])).toEqual(Array.from({ length: 4 - lengths[b] }, () => 0));
        const sum = row.reduce((all, weight) => all + weight, 0);
        // Of some a part is lost past the end or goes to a sentinel, or weights are densities.
        if (UNNORMALIZED.has(choice.kind)) expect(sum).toBeGreaterThan(0);
        // A difference of two softmaxes sums to 1 − λ.
        else if (choice.kind !== 'differential') expect(sum).toBeCloseTo(1, 5);
      }
    });
    prepared.dispose();
    parameters.dispose();
  });

  it.each(DEFINITIONS.filter(({ looksBack }) => looksBack).map(choiceOf))('$kind is refused', (choice) => {
    const make = () => createAttention(choice, new Parameters(1), { queryWidth: 6, memoryWidth: 6 });
    expect(make).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });

  it('none sees the same last states at every step', () => {
    const attention = createAttention({ kind: 'none' }, new Parameters(1), { queryWidth: 6, memoryWidth: 4 });
    const last = { forward: tf.tensor2d([[1, 2]]), backward: tf.tensor2d([[3, 4]]) };
    const prepared = attention.prepare({ memory: tf.zeros([1, 3, 4]), lengths: Int32Array.of(3), last });
    const { context, weights } = prepared.attend(tf.zeros([1, 2, 6]), { returnWeights: true });
    expect(context.arraySync()).toEqual([
      [
        [1, 2, 3, 4],
        [1, 2, 3, 4],
      ],
    ]);
    expect(weights).toBeUndefined();
    prepared.dispose();
  });
});

const ARCHITECTURES = [{}, { architecture: 'luong', output: 'tanh' } as const];

describe.each(ARCHITECTURES)('a recurrent network %o', (architecture) => {
  beforeAll(() => useEngine(CPU));
  const pairs = [
    { source: ['a', 'b', 'c'], target: ['C', 'B'] },
    { source: ['d'], target: ['D'] },
  ];

  it.each(CHOICES)('learns with $kind, and writes', async (attention) => {
    const model = createSeq2Seq(tinyConfig({ ...architecture, decoderUnits: 8, attention }));
    const { value, grads } = tf.variableGrads(() => model.loss(pairs), Object.values(model.parameters));
    expect(value.dataSync()[0]).toBeGreaterThan(0);
    for (const gradient of Object.values(grads)) expect(gradient.dataSync().every(Number.isFinite)).toBe(true);
    tf.dispose([value, grads]);
    const [{ weights }] = await model.greedy([pairs[0]!.source]);
    expect(weights!.every((row) => row.length === 3)).toBe(true);
    model.dispose();
  });
});

describe('a mechanism that somebody else defines', () => {
  beforeAll(() => useEngine(CPU));
  const mechanisms = [...MECHANISMS, nearness];
  const config = tinyConfig({ decoderUnits: 8, attention: { kind: 'nearness' } as never });
  const pairs = [
    { source: ['a', 'b', 'c'], target: ['C', 'B'] },
    { source: ['d'], target: ['D'] },
  ];

  it('is attention of a network that is given it: with its state in training, greedy and beam search', async () => {
    expect(() => createSeq2Seq(config)).toThrow(expect.objectContaining({ code: 'UNKNOWN_NAME' }));
    const model = createSeq2Seq(config, undefined, { mechanisms });
    expect(model.parameters['attention/gamma'].shape).toEqual([]);
    const { value, grads } = tf.variableGrads(() => model.loss(pairs), Object.values(model.parameters));
    expect(Math.abs(grads[model.parameters['attention/gamma'].name].dataSync()[0])).toBeGreaterThan(0);
    tf.dispose([value, grads]);
    const sources = pairs.map(({ source }) => source);
    const greedy = await model.greedy(sources);
    const beam = await model.beam(sources, { width: 1 });
    expect(beam.map(([best]) => best!.output)).toEqual(greedy.map(({ output }) => output));
    // Each hypothesis has the weights that it has alone, whatever beams it was found among.
    const wide = await model.beam(sources, { width: 4 });
    const { logits, weights } = model.teach(wide.map(([best], n) => ({ source: sources[n]!, target: best!.output })));
    const looks = weights!.arraySync();
    wide.forEach(([best], n) =>
      best!.weights!.forEach((row, t) =>
        expect([...row]).toEqual(looks[n][t].slice(0, sources[n].length).map((x) => expect.closeTo(x, 5))),
      ),
    );
    tf.dispose([logits, weights!]);
    model.dispose();
  });

  it('has a cost, and files are read with it', () => {
    const sizes = { source: 3, target: 2, batch: 2 };
    const network = recurrentOf({ mechanisms });
    const model = network.create(config);
    expect(costOfModel(config, sizes, { networks: [network] }).total.parameters).toBe(model.parameterCount);
    expect(() => costOfModel(config, sizes)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    const read = decodeModel(encodeModel(model), { networks: [network] });
    expect(read.config).toEqual(config);
    read.dispose();
    model.dispose();
  });
});
