import '@tensorflow/tfjs-backend-wasm';
import { wasm } from '@heed/backend-wasm';
import { selectBackend } from '@heed/core';
import { loadPretrainedFolder } from '@heed/hugging-face/node';
import * as tf from '@tensorflow/tfjs-core';
import type { OpenSubject } from './subject.js';

export const openHeed: OpenSubject = async ({ folder, threads }) => {
  const { capabilities } = await selectBackend(wasm({ threads }));
  if (capabilities.threads !== threads) throw new Error(`the backend has ${capabilities.threads} threads here`);
  const model = await loadPretrainedFolder(folder);
  return {
    async generate(prompt, count) {
      const { newTokens } = await model.generate({ inputIds: [prompt] }, { maxNewTokens: count });
      return newTokens[0]!;
    },
    async encode(sequences) {
      const { lastHiddenState } = model.run({ inputIds: sequences });
      const states = await lastHiddenState!.data<'float32'>();
      tf.dispose(lastHiddenState!);
      return states;
    },
  };
};
