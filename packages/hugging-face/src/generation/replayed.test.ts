import { wasm } from '@heed/backend-wasm';
import { selectBackend } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import '../../test/backends.js';
import { filesIn, FOLDERS } from '../../test/folders.js';
import { readExpected, valuesOf } from '../check/expected.js';
import { loadPretrained } from '../load-pretrained.js';
import { lora } from '../lora/lora.js';
import type { PretrainedModel } from '../model.js';
import type { Inputs } from '../networks/network.js';
import type { GenerateOptions } from './options.js';

/** Families whose steps look at numbers: a router of experts. */
const LOOKING: ReadonlySet<string> = new Set(['gpt_oss']);

const WAYS: Readonly<Record<string, GenerateOptions>> = {
  greedy: {},
  'beams of three': { numBeams: 3, numReturnSequences: 2 },
  sampling: { doSample: true, temperature: 2, topK: 5, seed: 3 },
};
const NONE_ENDS = { eosTokenId: [], suppressTokens: [], beginSuppressTokens: [] };

const folders = FOLDERS.filter((name) => jsonOf(name).generate?.greedy !== undefined);

function jsonOf(name: string): { readonly generate?: { readonly greedy?: object } } {
  const file = filesIn(name)['expected.json'];
  return file === undefined ? {} : (JSON.parse(new TextDecoder().decode(file)) as ReturnType<typeof jsonOf>);
}

/** Inputs of transformers' own continuations, some of whose rows are padded; and of two rows without pads. */
async function inputsOf(name: string, model: PretrainedModel): Promise<readonly Inputs[]> {
  const { json, tensors } = await readExpected(filesIn(name));
  const args = valuesOf(json.section('generate').section('greedy').section('args').json, tensors);
  const given = Object.fromEntries(Object.entries(args).filter(([key]) => (model.takes as string[]).includes(key)));
  const { attentionMask: _, ...padless } = given as { attentionMask?: unknown };
  const ids = [
    [3, 5, 7, 9],
    [4, 6, 8, 10],
  ];
  return [given, 'inputIds' in given ? { ...padless, inputIds: ids } : padless];
}

async function generated(model: PretrainedModel, inputs: readonly Inputs[], maxNewTokens: number): Promise<unknown[]> {
  const found: unknown[] = [];
  for (const given of inputs) {
    for (const options of Object.values(WAYS)) {
      found.push(await model.generate(given, { maxNewTokens, ...NONE_ENDS, ...options }));
    }
  }
  return found;
}

/** How often kernels of the engine run. */
async function kernelCalls(run: () => Promise<unknown>): Promise<number> {
  const configs = tf.getKernelsForBackend('wasm');
  const before = configs.map(({ kernelFunc }) => kernelFunc);
  let count = 0;
  configs.forEach((config, n) => {
    config.kernelFunc = (args) => {
      count++;
      return before[n]!(args);
    };
  });
  try {
    await run();
  } finally {
    configs.forEach((config, n) => (config.kernelFunc = before[n]!));
  }
  return count;
}

describe('a continuation whose steps are done again', () => {
  it.each(folders)('is that whose steps run, bit by bit: %s', async (name) => {
    const plain = await selectBackend(wasm({ replays: false }));
    const alone = await loadPretrained(filesIn(name));
    const inputs = await inputsOf(name, alone);
    const wanted = [await generated(alone, inputs, 12), await generated(alone, inputs, 6)];
    alone.dispose();
    await plain.dispose();

    const backend = await selectBackend(wasm());
    const before = tf.memory().numTensors;
    const model = await loadPretrained(filesIn(name));
    expect(await generated(model, inputs, 12)).toEqual(wanted[0]);
    expect(await generated(model, inputs, 6)).toEqual(wanted[1]);
    expect(await generated(model, inputs, 12)).toEqual(wanted[0]);
    const [, padless] = inputs;
    for (const options of Object.values(WAYS)) {
      const calls = (maxNewTokens: number): Promise<number> =>
        kernelCalls(() => model.generate(padless!, { ...NONE_ENDS, ...options, maxNewTokens }));
      await calls(12);
      await calls(12);
      const [few, more] = [await calls(4), await calls(12)];
      if (LOOKING.has(name)) expect(more).toBeGreaterThan(few);
      else expect(more, JSON.stringify(options)).toBe(few);
    }
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
    await backend.dispose();
  });

  it('goes by what the parameters are, and by adapters that are put on and taken off', async () => {
    const backend = await selectBackend(wasm());
    const model = await loadPretrained(filesIn('gpt2'));
    const written = async (of: PretrainedModel): Promise<unknown> => {
      const { logProbabilities } = await of.generate({ inputIds: [[3, 5, 7, 9]] }, { ...NONE_ENDS, maxNewTokens: 8 });
      return logProbabilities;
    };
    const first = await written(model);
    expect(await written(model)).toEqual(first);

    const adapter = lora(model, { r: 2, targetModules: 'all-linear' });
    for (const [name, variable] of Object.entries(adapter.parameters)) {
      if (name.endsWith('lora_B.weight')) tf.tidy(() => variable.assign(tf.fill(variable.shape, 0.1)));
    }
    const adapted = await written(model);
    expect(adapted).not.toEqual(first);
    expect(await written(model)).toEqual(adapted);
    adapter.dispose();
    expect(await written(model)).toEqual(first);

    // A copy has the same numbers in memory, until one of the two changes.
    const copy = model.copy({ trainable: true });
    expect(await written(copy)).toEqual(first);
    const weight = copy.parameters['transformer.h.1.mlp.c_fc.weight'] as tf.Variable;
    tf.tidy(() => weight.assign(tf.mul(weight, 2)));
    const changed = await written(copy);
    expect(changed).not.toEqual(first);
    expect(await written(model)).toEqual(first);
    for (const one of [model, copy]) one.dispose();
    await backend.dispose();
  });
});
