import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { WatchedStep } from '../src/decoding/watch.js';
import { headLayers, switchOffHeads } from '../src/heads.js';
import { createLanguageModel } from '../src/language/language-model.js';
import { createSeq2Seq } from '../src/recurrent/seq2seq.js';
import { createTransformer } from '../src/transformer/transformer.js';
import { CPU, useEngine } from '../../nn/test/engines.js';
import { tinyTransformerModel } from './language-models.js';
import { tinyConfig } from './models.js';
import { tinyTransformer } from './transformers.js';

const PAIR = [{ source: [...'abcd'], target: [...'ABC'] }];
/** Of which one symbol is in no alphabet. */
const COPIED = [{ source: [...'abxd'], target: [...'AxC'] }] as const;
const TWO_HEADS = { kind: 'multiHead', heads: 2 } as const;

beforeAll(() => useEngine(CPU));

describe('heads that are switched off', () => {
  it.each(['encoder/0/attention', 'decoder/0/self_attention', 'decoder/0/attention', 'decoder/1/self_attention'])(
    '%s: the model computes what it does when that head’s values are 0',
    async (layer) => {
      /** The scores of a model of which something was changed. */
      async function scores(change: (model: ReturnType<typeof createTransformer>) => void): Promise<number[]> {
        const model = createTransformer(tinyTransformer());
        change(model);
        const { logits, weights } = model.teach(PAIR);
        const numbers = await logits.data();
        tf.dispose([logits, weights]);
        model.dispose();
        return [...numbers];
      }
      const valuesOff = (head: number) =>
        scores(({ parameters }) =>
          tf.tidy(() => {
            const values = parameters[`${layer}/value_kernel`]!; // [E, H·Dv]
            const half = values.shape[1]! / 2;
            const on = Float32Array.from({ length: 2 * half }, (_, n) => (Math.floor(n / half) === head ? 0 : 1));
            values.assign(tf.mul(values, tf.tensor1d(on)));
          }),
        );
      const headOff = (head: number) => scores((model) => switchOffHeads(model, [{ layer, head }]));
      const whole = await scores(() => undefined);
      for (const head of [0, 1]) {
        const off = await headOff(head);
        expect(off).not.toEqual(whole);
        const wanted = await valuesOff(head);
        off.forEach((x, n) => expect(x).toBeCloseTo(wanted[n]!, 5));
      }
    },
  );

  it('of several, each counts', async () => {
    const model = createLanguageModel(tinyTransformerModel());
    switchOffHeads(model, [
      { layer: 'layers/0/attention', head: 1 },
      { layer: 'layers/1/attention', head: 0 },
    ]);
    const zeros = (n: number) =>
      [...model.parameters[`layers/${n}/attention/output_kernel`]!.dataSync()].map((x) => (x === 0 ? 0 : 1));
    const [half, ones] = [Array(32).fill(0), Array(32).fill(1)]; // rows [H·Dv = 8] by E = 8
    expect([zeros(0), zeros(1)]).toEqual([
      [...ones, ...half],
      [...half, ...ones],
    ]);
    model.dispose();
  });

  it.each([
    ['a transformer', () => createTransformer(tinyTransformer({ copying: true })), 'decoder/1/attention'],
    ['a recurrent model', () => createSeq2Seq(tinyConfig({ attention: TWO_HEADS, copying: true })), 'attention'],
  ] as const)('%s copies by the mean of the heads that are on, and shows it', async (_, create, layer) => {
    /** What a model shows of a pair, and its scores, by teaching and by its steps. */
    async function seen(off: readonly number[]) {
      const model = create();
      switchOffHeads(
        model,
        off.map((head) => ({ layer, head })),
      );
      const { logits, weights } = model.teach(COPIED);
      const rows = (await weights!.array())[0]!;
      const scores = [...(await logits.data())];
      const { value } = await model.watch(COPIED[0].source).next();
      tf.dispose([logits, weights!]);
      model.dispose();
      return { rows, scores, step: value as WatchedStep };
    }
    const [whole, first, other, none] = [await seen([]), await seen([1]), await seen([0]), await seen([0, 1])];
    // No later layer changes what the queries of this one are at the first place, so the two alone make the mean of both.
    const [row, ofFirst, ofOther] = [whole, first, other].map(({ rows }) => rows[0]!);
    row!.forEach((weight, n) => expect((ofFirst![n]! + ofOther![n]!) / 2).toBeCloseTo(weight, 5));
    expect(ofFirst).not.toEqual(ofOther);
    for (const { rows, scores, step } of [first, other]) {
      for (const weights of rows) expect(weights.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 5);
      // What the model writes by itself is by the same mean.
      [...step.weights!].forEach((weight, n) => expect(weight).toBeCloseTo(rows[0]![n]!, 5));
      expect(scores).not.toEqual(whole.scores);
    }
    expect(none.rows.flat().every((weight) => weight === 0)).toBe(true);
    expect(none.scores.every(Number.isFinite)).toBe(true);
    const copied = ({ step }: typeof none) => step.candidates.find(({ symbol }) => symbol === 'x')!.logProbability;
    expect(Math.exp(copied(whole))).toBeGreaterThan(0.01);
    expect(Math.exp(copied(none))).toBeLessThan(1e-6);
  });

  it('are those of all layers of plain heads; other mechanisms and models have none', () => {
    const transformer = createTransformer(tinyTransformer());
    expect(headLayers(transformer)).toEqual(
      [
        'encoder/0/attention',
        'decoder/0/self_attention',
        'decoder/0/attention',
        'decoder/1/self_attention',
        'decoder/1/attention',
      ].map((key) => ({ key, heads: 2 })),
    );
    for (const place of [
      { layer: 'decoder/2/attention', head: 0 },
      { layer: 'encoder/0/attention', head: 2 },
      { layer: 'encoder/0/attention', head: 0.5 },
      { layer: '__proto__', head: 0 },
    ])
      expect(() => switchOffHeads(transformer, [place])).toThrow('there is no head');
    const recurrent = createSeq2Seq(tinyConfig({ attention: TWO_HEADS }));
    expect(headLayers(recurrent)).toEqual([{ key: 'attention', heads: 2 }]);
    const language = createLanguageModel(tinyTransformerModel({ attention: { ...TWO_HEADS, bias: false } }));
    expect(headLayers(language).map(({ key }) => key)).toEqual(['layers/0/attention', 'layers/1/attention']);
    const talking = createSeq2Seq(tinyConfig({ attention: { ...TWO_HEADS, talkingHeads: {} } }));
    const additive = createSeq2Seq(tinyConfig());
    for (const model of [talking, additive]) {
      expect(headLayers(model)).toEqual([]);
      expect(() => switchOffHeads(model, [{ layer: 'attention', head: 0 }])).toThrow(
        'this model has no heads that can be switched off',
      );
    }
    for (const model of [transformer, recurrent, language, talking, additive]) model.dispose();
  });
});
