import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { BACKENDS, useBackend } from '../../test/backends.js';
import { PICTURES, randomModel, SIZES } from '../../test/random-model.js';
import type { Inputs } from '../networks/network.js';

useBackend(BACKENDS[1]!);

const GPT2 = { ...SIZES, model_type: 'gpt2', n_embd: 4 };
const BERT = { ...SIZES, model_type: 'bert' };

const pixelValues = { shape: [1, 3, 4, 4], data: Float32Array.from({ length: 48 }, (_, n) => Math.sin(n)) };
const [picture, text]: readonly Inputs[] = [{ pixelValues }, { inputIds: [[5, 3, 9]] }];

const PAIRS: readonly [string, string, object, object, Inputs][] = [
  ['ViT and a narrower GPT-2', 'VisionEncoderDecoderModel', { ...PICTURES, model_type: 'vit' }, GPT2, picture!],
  ['ViT and BERT', 'VisionEncoderDecoderModel', { ...PICTURES, model_type: 'vit' }, BERT, picture!],
  ['BERT and BERT', 'EncoderDecoderModel', BERT, BERT, text!],
  ['BERT and a narrower GPT-2', 'EncoderDecoderModel', BERT, GPT2, text!],
  [
    'RoBERTa and a narrower BERT',
    'EncoderDecoderModel',
    { ...SIZES, model_type: 'roberta' },
    { ...BERT, hidden_size: 4 },
    text!,
  ],
];

it.each(PAIRS)('%s continue step by step what they see at once', async (_, name, encoder, decoder, inputs) => {
  const model = await randomModel({ architectures: [name], encoder, decoder });
  const { sequences } = await model.generate({ ...inputs, decoderInputIds: [[1, 2]] }, { maxNewTokens: 4 });
  const before = tf.memory().numTensors;
  const outputs = model.run({ ...inputs, decoderInputIds: [...sequences] }, { attentions: true });
  const best = tf.tidy(() => tf.argMax(outputs.logits!, -1).arraySync()) as number[][];
  expect(sequences[0]!.slice(2)).toEqual(best[0]!.slice(1, 5));
  const [, , , read] = outputs.crossAttentions![0]!.shape;
  expect(read).toBe(outputs.encoderLastHiddenState!.shape[1]);
  // A decoder sees nothing that comes after.
  expect(
    outputs
      .decoderAttentions![0]!.arraySync()[0]![0]![0]!
      .slice(1)
      .every((weight) => weight === 0),
  ).toBe(true);
  tf.dispose({ ...outputs } as tf.TensorContainer);
  expect(tf.memory().numTensors).toBe(before);
  model.dispose();
});

it('states are projected to the decoder’s width, and given as they are', async () => {
  const model = await randomModel({
    architectures: ['VisionEncoderDecoderModel'],
    encoder: { ...PICTURES, model_type: 'vit' },
    decoder: GPT2,
  });
  expect(model.parameters['enc_to_dec_proj.weight']!.shape).toEqual([4, 8]);
  const outputs = model.run({ pixelValues, decoderInputIds: [[1, 2]] });
  expect([outputs.encoderLastHiddenState!.shape, outputs.lastHiddenState!.shape]).toEqual([
    [1, 5, 8],
    [1, 2, 4],
  ]);
  tf.dispose({ ...outputs } as tf.TensorContainer);
  model.dispose();
});

it.each([
  ['an encoder of another kind', { encoder: { ...PICTURES, model_type: 'swin' } }, /model_type is 'swin'.*"vit"/s],
  [
    'a decoder of another kind',
    { decoder: { ...SIZES, model_type: 'trocr' } },
    /model_type is 'trocr'.*"gpt2" or "bert"/s,
  ],
  ['shared weights', { tie_encoder_decoder: true }, /tie_encoder_decoder/],
  ['a decoder that reads another width', { decoder: { ...GPT2, cross_attention_hidden_size: 8 } }, /cross_attention/],
])('a pair with %s is refused', async (_, fields, message) => {
  await expect(randomModel({ architectures: ['VisionEncoderDecoderModel'], ...fields })).rejects.toThrow(
    expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringMatching(message) as string }),
  );
});
