import '@tensorflow/tfjs'; // registers the gradients of TensorFlow.js's own ops
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cpu } from '@heed/backend-cpu';
import { selectBackend, type AttentionBackend } from '@heed/core';
import { ARCHITECTURES, loadPretrained, type LoadPretrainedOptions, type PretrainedModel } from '@heed/hugging-face';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { opt } from './family/opt.js';
import { events, heed, temporaryFolder } from './heed.js';

const FOLDER = fileURLToPath(new URL('./family/opt', import.meta.url));
const CONFIG = fileURLToPath(new URL('./family/heed.config.ts', import.meta.url));
const NUMBERS = JSON.parse(readFileSync(`${FOLDER}/numbers.json`, 'utf8')) as {
  inputIds: number[][];
  logits: number[];
  attentions: number[];
  greedy: number[][];
};
const NAMES = ['config.json', 'generation_config.json', 'model.safetensors'];

const load = (options: LoadPretrainedOptions): Promise<PretrainedModel> =>
  loadPretrained(Object.fromEntries(NAMES.map((name) => [name, readFileSync(`${FOLDER}/${name}`)])), options);

const difference = (found: ArrayLike<number>, wanted: readonly number[]): number =>
  Math.max(...wanted.map((value, n) => Math.abs(found[n]! - value)));

describe('a family of somebody else', () => {
  let backend: AttentionBackend;
  beforeAll(async () => {
    backend = await selectBackend(cpu());
  });
  afterAll(() => backend.dispose());

  test('gives what transformers gives, and is trained and saved as Heed’s are', async () => {
    expect(ARCHITECTURES).not.toContain('OPTForCausalLM');
    const model = await load({ families: [opt], trainable: true });
    const { inputIds } = NUMBERS;
    const { logits, attentions = [], ...rest } = model.run({ inputIds }, { attentions: true });
    expect(difference(logits!.dataSync(), NUMBERS.logits)).toBeLessThan(1e-4);
    expect(difference(attentions[1]!.dataSync(), NUMBERS.attentions)).toBeLessThan(1e-4);
    expect((await model.generate({ inputIds }, { maxNewTokens: 6 })).sequences).toEqual(NUMBERS.greedy);
    tf.dispose([logits!, attentions, { ...rest } as tf.TensorContainer] as tf.TensorContainer);
    const { value, grads } = tf.variableGrads(() =>
      tf.tidy(() => tf.mean(tf.square(model.run({ inputIds }).logits!)) as tf.Scalar),
    );
    expect(Object.keys(grads)).toHaveLength(Object.keys(model.parameters).length);
    tf.dispose([value, grads]);
    const again = await loadPretrained(await model.save(), { families: [opt] });
    expect(again.architecture).toBe('OPTForCausalLM');
    for (const one of [model, again]) one.dispose();
  });

  test('is unknown where it isn’t given, and has to be one', async () => {
    await expect(load({})).rejects.toThrow(expect.objectContaining({ code: 'UNKNOWN_NAME' }));
    await expect(load({ families: [null] as never })).rejects.toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
  });
});

describe('families of a configuration file', () => {
  test('open', async () => {
    const [model] = events(await heed(['open', FOLDER, '--config', CONFIG, '--json']));
    expect(model).toMatchObject({ event: 'model', architecture: 'OPTForCausalLM' });
    const unknown = await heed(['open', FOLDER]);
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('OPTForCausalLM')]);
  });

  test('are refused when they are none, or have the name of one of Heed’s', async () => {
    const folder = await temporaryFolder();
    for (const [name, families, message] of [
      ['empty', '[{}]', /families\[0\]/],
      ['taken', '[{ prefix: "", classes: { BertModel() {} } }]', /"BertModel", as one of Heed's/],
      ['twice', '[{ prefix: "", classes: { A() {} } }, { prefix: "", classes: { A() {} } }]', /are both called "A"/],
    ] as const) {
      const file = join(folder, `${name}.config.mjs`);
      await writeFile(file, `export default { families: ${families} };`);
      const refused = await heed(['open', FOLDER, '--config', file]);
      expect([refused.code, refused.stderr]).toEqual([2, expect.stringMatching(message)]);
    }
  });
});
