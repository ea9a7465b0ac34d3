import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeSafetensors } from '@heed/formats';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BACKENDS, useBackend } from '../test/backends.js';
import { filesIn, folderOf } from '../test/folders.js';
import { loadPretrained } from './load-pretrained.js';
import type { PretrainedModel } from './model.js';
import { checkPretrainedFolder, filesOf, loadPretrainedFolder, savePretrainedFolder } from './node.js';
import { checkPretrained } from './check/check-pretrained.js';

useBackend(BACKENDS[1]!);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heed-save-'));
});
afterAll(() => rm(folder, { recursive: true }));

const logitsOf = (model: PretrainedModel): number[] =>
  tf.tidy(() => Array.from(model.run({ inputIds: [[5, 6, 7, 8]] }).logits!.dataSync()));

describe('save', () => {
  it.each(['bert_seqcls', 'gpt2', 't5', 'bart', 'vit', 'clip'])('writes %s as it was', async (name) => {
    const files = filesIn(name);
    const model = await loadPretrained(files);
    const saved = await model.save();
    model.dispose();
    // What transformers computed with the files holds of those that were saved.
    const { results, passed } = await checkPretrained(async (path) =>
      path === '' ? { ...files, ...saved } : filesIn(`${name}/${path}`),
    );
    expect(results.filter((result) => !result.passed)).toEqual([]);
    expect(passed).toBe(true);
  });

  it('keeps names and values of the file, to the bit, and writes what changed', async () => {
    const files = filesIn('bert_names/old_names');
    const model = await loadPretrained(files, { trainable: true });
    const before = decodeSafetensors(files['model.safetensors']!).tensors;
    const [changed] = Object.entries(model.parameters) as [string, tf.Variable][];
    tf.tidy(() => changed![1].assign(tf.add(changed![1], 1)));
    const saved = await model.save();
    const { tensors: after, metadata } = decodeSafetensors(saved['model.safetensors']!);
    expect(Object.keys(after)).toContain('bert.encoder.layer.0.attention.output.LayerNorm.gamma');
    for (const [name, { data }] of Object.entries(after)) {
      const expected = name === changed![0] ? before[name]!.data.map((value) => value + 1) : before[name]!.data;
      expect([name, data]).toEqual([name, expected]);
    }
    expect(metadata).toEqual({ format: 'pt' });
    model.dispose();
  });

  it('goes into a folder with what stands beside the weights', async () => {
    const model = await loadPretrainedFolder(folderOf('bert'));
    await savePretrainedFolder(model, join(folder, 'bert'));
    expect(await readdir(join(folder, 'bert'))).toEqual(
      ['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json'].toSorted(),
    );
    const again = await loadPretrainedFolder(join(folder, 'bert'));
    expect(logitsOf(again)).toEqual(logitsOf(model));
    expect(again.tokenizer!.encode('a boat')).toEqual(model.tokenizer!.encode('a boat'));
    // Into the folder that it is read from, too.
    await savePretrainedFolder(again, join(folder, 'bert'));
    expect(Object.keys(await filesOf(join(folder, 'bert')))).toHaveLength(4);
    model.dispose();
    again.dispose();
    await expect(model.save()).rejects.toThrow(expect.objectContaining({ code: 'DISPOSED' }));
    await expect(checkPretrainedFolder(join(folder, 'bert'))).rejects.toThrow(
      expect.objectContaining({ code: 'FILE_ACCESS' }),
    );
  });
});

describe('a copy', () => {
  it('has parameters of its own, and leaves nothing', async () => {
    const model = await loadPretrained(filesIn('gpt2'));
    const before = logitsOf(model);
    const tensors = tf.memory().numTensors;
    const buffers = tf.memory().numDataBuffers;
    const copy = model.copy({ trainable: true });
    expect(tf.memory().numDataBuffers).toBe(buffers);
    expect(logitsOf(copy)).toEqual(before);
    const [variable] = Object.values(copy.parameters) as tf.Variable[];
    tf.tidy(() => variable!.assign(tf.add(variable!, 1)));
    expect(logitsOf(copy)).not.toEqual(before);
    expect(logitsOf(model)).toEqual(before);
    copy.dispose();
    expect(tf.memory().numTensors).toBe(tensors);
    model.dispose();
  });
});

describe('another head', () => {
  it('begins anew, from a seed, on the same body', async () => {
    const options = { architecture: 'BertForSequenceClassification', labels: ['ham', 'spam'] };
    const model = await loadPretrained(filesIn('bert'), options);
    expect(model.labels).toEqual(['ham', 'spam']);
    const first = logitsOf(model);
    expect(first).toHaveLength(2);
    const saved = await model.save();
    const names = Object.keys(decodeSafetensors(saved['model.safetensors']!).tensors);
    expect(names).toContain('bert.pooler.dense.weight');
    expect(names).toContain('classifier.bias');
    expect(names.filter((name) => name.startsWith('cls.'))).toEqual([]);
    const [again, same, other] = await Promise.all([
      loadPretrained(saved),
      loadPretrained(filesIn('bert'), { ...options, seed: 1 }),
      loadPretrained(filesIn('bert'), { ...options, seed: 2 }),
    ]);
    expect(again.architecture).toBe('BertForSequenceClassification');
    expect(again.labels).toEqual(['ham', 'spam']);
    expect([logitsOf(again), logitsOf(same)]).toEqual([first, first]);
    expect(logitsOf(other)).not.toEqual(first);
    for (const one of [model, again, same, other]) one.dispose();
  });

  it('of another number of labels begins anew, and one of as many is kept', async () => {
    const kept = await loadPretrained(filesIn('bert_seqcls'), { labels: ['a', 'b', 'c'] });
    const own = await loadPretrained(filesIn('bert_seqcls'));
    const wider = await loadPretrained(filesIn('bert_seqcls'), { labels: ['a', 'b', 'c', 'd'] });
    expect(logitsOf(kept)).toEqual(logitsOf(own));
    expect(logitsOf(wider)).toHaveLength(4);
    for (const one of [kept, own, wider]) one.dispose();
  });

  it.each([
    [{ labels: [] }, 'INVALID_ARGUMENT'],
    [{ labels: ['a', 'a'] }, 'INVALID_ARGUMENT'],
    [{ architecture: 'BertForNothing' }, 'UNKNOWN_NAME'],
    [{ architecture: 'GPT2LMHeadModel' }, 'CONFIG_INVALID'],
  ])('is refused with %o', async (options, code) => {
    await expect(loadPretrained(filesIn('bert'), options as object)).rejects.toThrow(expect.objectContaining({ code }));
  });
});
