import '@tensorflow/tfjs';
import { cpu } from '@heed/backend-cpu';
import { selectBackend } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadPretrainedFolder } from './node.js';
import type { PretrainedModel } from './model.js';
import { predictionOf } from './prediction.js';

const FOLDERS = new URL('../../../vectors/hugging-face/', import.meta.url).pathname;

/** A model of which only what it is called and has for labels is asked. */
const like = (model: Partial<PretrainedModel>): PretrainedModel =>
  ({
    architecture: 'BertForSequenceClassification',
    continues: false,
    config: {},
    labels: [],
    ...model,
  }) as PretrainedModel;

describe('predictionOf', () => {
  beforeAll(() => selectBackend(cpu()));

  test('of masked tokens, the likeliest first', async () => {
    const model = await loadPretrainedFolder(`${FOLDERS}bert`);
    const { ids } = model.tokenizer!.encode('A [MASK] red [MASK].');
    const outputs = model.run({ inputIds: [ids] });
    const before = tf.memory().numTensors;
    const said = await predictionOf(model, ids, outputs);
    expect(tf.memory().numTensors).toBe(before);
    if (said?.kind !== 'masks') throw new Error(`said ${said?.kind}`);
    expect(said.masks.map(({ at }) => at)).toEqual(ids.flatMap((id, n) => (id === model.tokenizer!.maskId ? [n] : [])));
    const { at, token, guesses } = said.masks[0]!;
    const row = (await tf.squeeze<tf.Tensor2D>(outputs.logits!, [0]).array())[at]!;
    expect(token).toBe('[MASK]');
    expect(guesses[0]!.name).toBe(model.tokenizer!.tokenOf(row.indexOf(Math.max(...row))));
    const whole = row.reduce((sum, logit) => sum + Math.exp(logit), 0);
    expect(guesses[0]!.probability).toBeCloseTo(Math.exp(Math.max(...row)) / whole, 5);
    expect(guesses.map(({ probability }) => probability)).toEqual(
      guesses.map(({ probability }) => probability).toSorted((a, b) => b - a),
    );
  });

  test('of labels: one of them, each by itself, or a number', async () => {
    const logits = tf.tensor2d([[0, Math.log(3)]]);
    const labels = ['ham', 'spam'];
    expect(await predictionOf(like({ labels }), [], { logits })).toMatchObject({
      kind: 'labels',
      guesses: [{ name: 'spam' }, { name: 'ham' }],
    });
    const several = await predictionOf(like({ labels, config: { problem_type: 'multi_label_classification' } }), [], {
      logits,
    });
    if (several?.kind !== 'labels') throw new Error(`said ${several?.kind}`);
    expect(several.guesses.map(({ probability }) => probability)).toEqual([expect.closeTo(0.75), expect.closeTo(0.5)]);
    const one = await predictionOf(like({ labels: ['LABEL_0'] }), [], { logits: tf.tensor2d([[-1.5]]) });
    expect(one).toEqual({ kind: 'value', value: -1.5 });
  });

  test('of each token', async () => {
    const logits = tf.tensor3d([
      [
        [0, 1],
        [1, 0],
      ],
    ]);
    const architecture = 'BertForTokenClassification';
    const tokenizer = { tokenOf: (id: number) => `t${id}` } as PretrainedModel['tokenizer'];
    expect(
      await predictionOf(like({ architecture, labels: ['O', 'PER'], tokenizer }), [7, 8], { logits }),
    ).toMatchObject({
      kind: 'tokens',
      tokens: [
        { token: 't7', name: 'PER' },
        { token: 't8', name: 'O' },
      ],
    });
  });

  test('of pictures and texts', async () => {
    const logitsPerImage = tf.tensor2d([[0, Math.log(3)]]);
    expect(await predictionOf(like({}), [], { logitsPerImage })).toEqual({
      kind: 'likeness',
      pictures: [
        [
          { logit: 0, probability: expect.closeTo(0.25) },
          { logit: expect.closeTo(Math.log(3)), probability: expect.closeTo(0.75) },
        ],
      ],
    });
  });

  test('nothing of a model without a head, and of one that continues', async () => {
    expect(await predictionOf(like({}), [], {})).toBeUndefined();
    expect(await predictionOf(like({ continues: true }), [], { logits: tf.zeros([1, 2, 3]) })).toBeUndefined();
  });
});
