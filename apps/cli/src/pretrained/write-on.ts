import type { PretrainedLanguage, PretrainedModel } from '@heed/hugging-face';
import type { AttentionMap } from '@heed/heatmap';
import type { Answer, AnswerOptions } from '@heed/tasks';
import * as tf from '@tensorflow/tfjs-core';
import { drawingsOf, plainMaps } from '../open/maps.js';

/** Tokens that are written where nobody says how many. */
const LENGTH = 40;
/** Temperature of drawn tokens: what is learnt is somebody's manner, so not too wild. */
const TEMPERATURE = 0.7;

/** What a model writes after a text, drawn by its probabilities, with the maps of its last layer. */
export async function writeOn(
  { pretrained }: PretrainedLanguage,
  text: string,
  { sampling = {} }: AnswerOptions,
): Promise<Answer> {
  const tokenizer = pretrained.tokenizer!;
  const { length = LENGTH, temperature = TEMPERATURE, topK, topP, seed = 1 } = sampling;
  const { ids } = tokenizer.encode(text);
  const { newTokens, logProbabilities } = await pretrained.generate(
    { inputIds: [ids] },
    {
      doSample: true,
      maxNewTokens: length,
      temperature,
      seed,
      ...(topK !== undefined && { topK }),
      ...(topP !== undefined && { topP }),
    },
  );
  const [written] = newTokens as [readonly number[]];
  const output = tokenizer.decode(written, { skipSpecialTokens: true });
  return {
    output,
    alternatives: [],
    maps: await maps(pretrained, [...ids, ...written]),
    details: {
      prompt: text,
      text: text + output,
      logProbability: logProbabilities[0]!.reduce((sum, one) => sum + one, 0),
      sampling: { ...sampling, length, temperature, seed },
    },
  };
}

async function maps(model: PretrainedModel, ids: readonly number[]): Promise<readonly AttentionMap[]> {
  const { attentions = [], ...rest } = model.run({ inputIds: [ids] }, { attentions: true });
  try {
    const tokens = ids.map((id) => model.tokenizer!.tokenOf(id));
    const seen = { attentions, rows: tokens, columns: tokens };
    return plainMaps(await drawingsOf(seen, { layer: attentions.length - 1 }));
  } finally {
    tf.dispose([attentions, { ...rest } as tf.TensorContainer] as tf.TensorContainer);
  }
}
