import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { headLayers, switchOffHeads } from '../src/heads.js';
import { createLanguageModel } from '../src/language/language-model.js';
import { createSeq2Seq } from '../src/recurrent/seq2seq.js';
import { createTransformer } from '../src/transformer/transformer.js';
import { CPU, useEngine } from '../../nn/test/engines.js';
import { tinyTransformerModel } from './language-models.js';
import { tinyConfig } from './models.js';
import { tinyTransformer } from './transformers.js';

const LAYERS = [
  'encoder/0/attention',
  'decoder/0/self_attention',
  'decoder/0/attention',
  'decoder/1/self_attention',
  'decoder/1/attention',
];

type Headed = ReturnType<typeof createTransformer | typeof createSeq2Seq>;

const tinyMultiHead = () => ({ ...tinyConfig(), attention: { kind: 'multiHead', heads: 2 } as const });

const PAIR = [{ source: [...'abcd'], target: [...'ABC'] }];

beforeAll(() => useEngine(CPU));

describe('heads that are switched off', () => {
  it.each([
    ...LAYERS.map((layer) => [layer, () => createTransformer(tinyTransformer())] as const),
    ['attention', () => createSeq2Seq(tinyMultiHead())] as const,
  ])('%s: the model computes what it does when that head’s values are 0', async (layer, create) => {
    /** The scores of a model of which something was changed. */
    async function scores(change: (model: Headed) => void): Promise<number[]> {
      const model = create();
      change(model);
      const { logits, weights } = model.teach(PAIR);
      const numbers = await logits.data();
      tf.dispose([logits, weights!]);
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
  });

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
    ['decoder/1/attention', () => createTransformer({ ...tinyTransformer(), copying: true })],
    ['attention', () => createSeq2Seq(tinyMultiHead())],
  ] as const)('%s: what is shown, and copied by, is the mean of the heads that are on', async (layer, create) => {
    /** Weights of the first symbol, before which nothing was seen, and its scores. */
    async function first(off: readonly number[]): Promise<{ weights: number[]; scores: number[] }> {
      const model = create();
      switchOffHeads(
        model,
        off.map((head) => ({ layer, head })),
      );
      const { logits, weights } = model.teach(PAIR);
      const [scores, row] = [logits, weights!].map((x) => tf.slice(x, [0, 0, 0], [1, 1, -1]).dataSync());
      tf.dispose([logits, weights!]);
      model.dispose();
      return { weights: [...row!], scores: [...scores!] };
    }
    const [whole, one, other] = [await first([]), await first([0]), await first([1])];
    expect(one.weights).not.toEqual(other.weights);
    expect(one.scores).not.toEqual(other.scores);
    whole.weights.forEach((w, n) => expect((one.weights[n]! + other.weights[n]!) / 2).toBeCloseTo(w, 6));
    for (const { weights } of [one, other]) expect(weights.reduce((sum, w) => sum + w)).toBeCloseTo(1, 5);
    await expect(first([0, 1])).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    const model = create();
    switchOffHeads(model, [{ layer, head: 0 }]);
    expect(() => switchOffHeads(model, [{ layer, head: 1 }])).toThrow('no head would be left');
    model.dispose();
  });

  it('are those of transformers and of multi-head attention; other models have none', () => {
    const transformer = createTransformer(tinyTransformer());
    expect(headLayers(transformer)).toEqual(
      LAYERS.map((key) => ({ key, heads: 2, isShown: key === 'decoder/1/attention' })),
    );
    for (const place of [
      { layer: 'decoder/2/attention', head: 0 },
      { layer: 'encoder/0/attention', head: 2 },
      { layer: 'encoder/0/attention', head: 0.5 },
      { layer: '__proto__', head: 0 },
    ])
      expect(() => switchOffHeads(transformer, [place])).toThrow('there is no head');
    const multiHead = createSeq2Seq(tinyMultiHead());
    expect(headLayers(multiHead)).toEqual([{ key: 'attention', heads: 2, isShown: true }]);
    const additive = createSeq2Seq(tinyConfig());
    expect(headLayers(additive)).toEqual([]);
    expect(() => switchOffHeads(additive, [{ layer: 'attention', head: 0 }])).toThrow(
      'this model has no heads that can be switched off',
    );
    for (const model of [transformer, multiHead, additive]) model.dispose();
  });
});
