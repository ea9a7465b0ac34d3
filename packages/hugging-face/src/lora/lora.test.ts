import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { decodeSafetensors, encodeSafetensors } from '@heed/formats';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { BACKENDS, useBackend } from '../../test/backends.js';
import { filesIn } from '../../test/folders.js';
import { loadPretrained } from '../load-pretrained.js';
import type { PretrainedModel } from '../model.js';
import { filesOf } from '../node.js';
import type { LoraAdapter } from './adapter.js';
import { loadLora } from './load-lora.js';
import { lora } from './lora.js';

useBackend(BACKENDS[1]!);

const IDS = [[5, 6, 7, 8, 9]];
const inputsOf = (model: PretrainedModel) =>
  model.takes.includes('decoderInputIds') ? { inputIds: IDS, decoderInputIds: IDS } : { inputIds: IDS };
const logitsOf = (model: PretrainedModel): number[] =>
  tf.tidy(() => Array.from(model.run(inputsOf(model)).logits!.dataSync()));

/** Gives B values, which begin as 0. */
function move(adapter: LoraAdapter): void {
  for (const [name, variable] of Object.entries(adapter.parameters)) {
    const values = Float32Array.from({ length: variable.size }, (_, n) => Math.sin(n + name.length) / 10);
    if (name.endsWith('lora_B.weight')) tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
  }
}

describe('lora', () => {
  it.each(['bert', 'gpt2', 'llama', 't5'])(
    'changes nothing of %s at first, and something once B moves',
    async (name) => {
      const model = await loadPretrained(filesIn(name));
      const before = logitsOf(model);
      const adapter = lora(model, { r: 2 });
      expect(logitsOf(model)).toEqual(before);
      move(adapter);
      expect(logitsOf(model)).not.toEqual(before);
      adapter.dispose();
      expect(logitsOf(model)).toEqual(before);
      model.dispose();
    },
  );

  it.each(['bert', 'gpt2', 't5'])('merged into %s gives the same', async (name) => {
    const model = await loadPretrained(filesIn(name));
    const tensors = tf.memory().numTensors;
    const adapter = lora(model, { r: 3, alpha: 7, targetModules: 'all-linear' });
    move(adapter);
    const adapted = logitsOf(model);
    adapter.merge();
    expect(tf.memory().numTensors).toBe(tensors);
    const merged = logitsOf(model);
    for (const [n, logit] of merged.entries()) expect(logit).toBeCloseTo(adapted[n]!, 4);
    const again = await loadPretrained(await model.save());
    expect(logitsOf(again)).toEqual(merged);
    expect(() => adapter.merge()).toThrow(expect.objectContaining({ code: 'DISPOSED' }));
    for (const one of [model, again]) one.dispose();
  });

  it('adds (α/r)·B A x, and (α/√r)·B A x with useRslora', async () => {
    for (const [useRslora, scale] of [
      [false, 6 / 4],
      [true, 6 / 2],
    ] as const) {
      const model = await loadPretrained(filesIn('bert'));
      const targetModules = ['encoder.layer.1.attention.self.value'];
      const name = 'bert.encoder.layer.1.attention.self.value';
      const adapter = lora(model, { r: 4, alpha: 6, useRslora, targetModules });
      move(adapter);
      const [down, up] = ['A', 'B'].map((side) =>
        adapter.parameters[`base_model.model.${name}.lora_${side}.weight`]!.arraySync(),
      );
      const before = model.parameters[`${name}.weight`]!.arraySync() as number[][];
      adapter.merge();
      const after = model.parameters[`${name}.weight`]!.arraySync() as number[][];
      const [a, b] = [down as number[][], up as number[][]];
      for (const [i, row] of after.entries()) {
        for (const [j, value] of row.entries()) {
          const product = b[i]!.reduce((sum, factor, n) => sum + factor * a[n]![j]!, 0);
          expect(value).toBeCloseTo(before[i]![j]! + scale * product, 5);
        }
      }
      model.dispose();
    }
  });

  it.each(['bert', 'gpt2'])('gradients reach A and B of %s alone, and are slopes', async (name) => {
    const model = await loadPretrained(filesIn(name));
    const adapter = lora(model, {
      r: 2,
      targetModules: name === 'bert' ? ['query', 'output.dense'] : ['c_attn', 'c_fc'],
    });
    move(adapter);
    const loss = (): tf.Scalar => tf.tidy(() => tf.mean(tf.square(model.run({ inputIds: IDS }).logits!)) as tf.Scalar);
    const { value, grads } = tf.variableGrads(loss);
    const variables = Object.values(adapter.parameters);
    expect(Object.keys(grads).toSorted()).toEqual(variables.map((variable) => variable.name).toSorted());
    const step = 1e-2;
    for (const variable of variables.filter((_, n) => n % 3 === 0)) {
      const direction = grads[variable.name]!;
      const slope = Math.sqrt(tf.tidy(() => tf.sum(tf.square(direction)).dataSync()[0]!));
      expect(slope).toBeGreaterThan(0);
      const at = (factor: number): number =>
        tf.tidy(() => {
          variable.assign(tf.add(variable, tf.mul(direction, factor)));
          return loss().dataSync()[0]!;
        });
      const scaled = step / slope;
      const difference = at(scaled) - at(-2 * scaled);
      at(scaled);
      expect(difference / (2 * step * slope)).toBeCloseTo(1, 1);
    }
    tf.dispose([value, grads]);
    adapter.dispose();
    model.dispose();
  });

  it('is saved and loaded, with modules that were trained as a whole', async () => {
    const model = await loadPretrained(filesIn('bert_seqcls'));
    const before = logitsOf(model);
    const tensors = tf.memory().numTensors;
    const adapter = lora(model, { r: 2, targetModules: ['key', 'value'], modulesToSave: ['classifier'] });
    move(adapter);
    const bias = adapter.parameters['base_model.model.classifier.bias']!;
    tf.tidy(() => bias.assign(tf.add(bias, 1)));
    const adapted = logitsOf(model);
    const files = await adapter.save();
    adapter.dispose();
    expect(logitsOf(model)).toEqual(before);
    expect(tf.memory().numTensors).toBe(tensors);
    const loaded = await loadLora(model, files);
    expect(logitsOf(model)).toEqual(adapted);
    expect(loaded.parameterCount).toBe(2 * 2 * 2 * (32 + 32) + 3 * 32 + 3);
    const again = await loaded.save();
    expect(again['adapter_model.safetensors']).toEqual(files['adapter_model.safetensors']);
    expect(again['adapter_config.json']).toEqual(files['adapter_config.json']);
    loaded.merge();
    expect(tf.memory().numTensors).toBe(tensors);
    for (const [n, logit] of logitsOf(model).entries()) expect(logit).toBeCloseTo(adapted[n]!, 4);
    model.dispose();
  });

  it.each([
    [{ r: 0 }, 'INVALID_ARGUMENT', /r is 0/],
    [{ alpha: -1 }, 'INVALID_ARGUMENT', /alpha is -1/],
    [{ seed: 0.5 }, 'INVALID_ARGUMENT', /seed is 0\.5/],
    [{ targetModules: ['query', 'q_proj'] }, 'INVALID_ARGUMENT', /not all of these are layers/],
    [{ targetModules: [] }, 'INVALID_ARGUMENT', /targetModules are/],
    [{ targetModules: ['word_embeddings'] }, 'INVALID_ARGUMENT', /targetModules are/],
    [{ modulesToSave: ['score'] }, 'INVALID_ARGUMENT', /no module 'score'/],
    [{ rank: 2 }, 'UNKNOWN_OPTION', /rank/],
  ])('refuses %o', async (options, code, message) => {
    const model = await loadPretrained(filesIn('bert'));
    const before = tf.memory().numTensors;
    expect(() => lora(model, options as object)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) as string }),
    );
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });

  it('refuses a second adapter, a model of variables, and to save or copy what is adapted', async () => {
    const model = await loadPretrained(filesIn('bert'));
    const adapter = lora(model);
    const invalid = expect.objectContaining({ code: 'INVALID_ARGUMENT' }) as Error;
    expect(() => lora(model)).toThrow(invalid);
    expect(() => model.copy()).toThrow(invalid);
    await expect(model.save()).rejects.toThrow(invalid);
    adapter.dispose();
    const copy = model.copy({ trainable: true });
    expect(() => lora(copy)).toThrow(invalid);
    for (const one of [model, copy]) one.dispose();
    expect(() => lora(model)).toThrow(expect.objectContaining({ code: 'DISPOSED' }));
  });
});

describe('loadLora', () => {
  it.each(['bert_seqcls', 'gpt2'])('of what peft wrote on %s gives what peft computed', async (name) => {
    const folder = fileURLToPath(new URL(`../../test/peft/${name}`, import.meta.url));
    const expected = JSON.parse(readFileSync(`${folder}/logits.json`, 'utf8')) as {
      inputIds: number[][];
      logits: number[];
    };
    const model = await loadPretrained(filesIn(name));
    const { inputIds } = expected;
    const logits = (): number[] => tf.tidy(() => Array.from(model.run({ inputIds }).logits!.dataSync()));
    const adapter = await loadLora(model, await filesOf(folder));
    for (const when of ['on the model', 'merged']) {
      if (when === 'merged') adapter.merge();
      const differences = logits().map((logit, n) => Math.abs(logit - expected.logits[n]!));
      expect([when, Math.max(...differences) < 1e-4]).toEqual([when, true]);
    }
    model.dispose();
  });

  type Changed = (files: Record<string, Uint8Array>) => Record<string, Uint8Array>;
  const withConfig =
    (fields: object): Changed =>
    (files) => ({
      ...files,
      'adapter_config.json': new TextEncoder().encode(
        JSON.stringify({
          ...(JSON.parse(new TextDecoder().decode(files['adapter_config.json'])) as object),
          ...fields,
        }),
      ),
    });
  const withTensors =
    (change: (tensors: ReturnType<typeof decodeSafetensors>['tensors']) => object): Changed =>
    (files) => {
      const { tensors } = decodeSafetensors(files['adapter_model.safetensors']!);
      return { ...files, 'adapter_model.safetensors': encodeSafetensors({ ...change({ ...tensors }) }) };
    };
  const without =
    (name: string) =>
    <Value>(from: Readonly<Record<string, Value>>): Record<string, Value> =>
      Object.fromEntries(Object.entries(from).filter(([key]) => key !== name));
  const FIRST = 'base_model.model.bert.encoder.layer.0.attention.self.query.lora_A.weight';

  it.each<[string, Changed, string]>([
    ['no configuration', without('adapter_config.json'), 'FILE_ACCESS'],
    ['no weights', without('adapter_model.safetensors'), 'FILE_ACCESS'],
    ['another kind', withConfig({ peft_type: 'IA3' }), 'CONFIG_INVALID'],
    ['trained biases', withConfig({ bias: 'all' }), 'CONFIG_INVALID'],
    ['DoRA', withConfig({ use_dora: true }), 'CONFIG_INVALID'],
    ['ranks by layer', withConfig({ rank_pattern: { query: 4 } }), 'CONFIG_INVALID'],
    ['no rank', withConfig({ r: null }), 'CONFIG_INVALID'],
    ['another rank', withConfig({ r: 3 }), 'SHAPE_MISMATCH'],
    ['half a pair', withTensors(without(FIRST)), 'CHECKPOINT_INVALID'],
    [
      'a layer that isn’t there',
      withTensors(({ [FIRST]: first, ...rest }) => ({ ...rest, 'a.lora_A.weight': first })),
      'CHECKPOINT_INVALID',
    ],
    ['nothing', withTensors(() => ({})), 'CHECKPOINT_INVALID'],
    [
      'NaN',
      withTensors((tensors) => ({
        ...tensors,
        [FIRST]: { ...tensors[FIRST]!, data: tensors[FIRST]!.data.map(() => Number.NaN) },
      })),
      'NOT_FINITE',
    ],
  ])('refuses an adapter with %s', async (_, change, code) => {
    const model = await loadPretrained(filesIn('bert'));
    const adapter = lora(model, { r: 2 });
    const files = change(await adapter.save());
    adapter.dispose();
    const before = [tf.memory().numTensors, logitsOf(model)];
    await expect(loadLora(model, files)).rejects.toThrow(expect.objectContaining({ code }));
    expect([tf.memory().numTensors, logitsOf(model)]).toEqual(before);
    model.dispose();
  });
});
