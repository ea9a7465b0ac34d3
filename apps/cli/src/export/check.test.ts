import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exportRun } from '../commands/export.js';
import { openModel, type OpenModel } from '../model.js';
import { recordingHost } from '../../test/recording-host.js';
import { answered, checkExport } from './check.js';
import { onnxRuntime } from './onnx-runtime.js';
import { graphsOf, onnxOf } from './parts.js';

const host = recordingHost();
let folder: string;
let opened: OpenModel;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heed-check-'));
  await exportRun(host, 'qa', { out: folder, to: 'onnx', longest: 32 });
  await host.backends.use({ backend: 'cpu' });
  opened = await openModel(host, 'qa');
});

afterAll(async () => {
  opened.model.dispose();
  await rm(folder, { recursive: true, force: true });
});

test('a check finds an exported model that is another, and leaves nothing behind', async () => {
  const graphs = graphsOf(opened);
  const models = { model: await onnxOf(graphs[0], opened.model, 32) };
  const { task, model } = opened;
  const texts = await answered(opened, [task.parse(task.example)], undefined);
  const runtime = await onnxRuntime();
  const before = tf.memory().numTensors;
  const same = await checkExport({ folder, graphs, models }, runtime, texts);
  expect(same).toMatchObject({ others: [], texts: 1 });
  expect(same.worst).toBeLessThan(1e-4);
  expect(tf.memory().numTensors).toBe(before);

  const bias = model.parameters['answers/classes/bias']!;
  tf.tidy(() => bias.assign(tf.add(bias, 100)));
  const expected = texts.map((one) => ({ ...one, expected: 'a class' }));
  const other = await checkExport({ folder, graphs, models }, runtime, expected);
  expect(other.worst).toBeGreaterThan(99);
  expect(other.where).toBe('model: logits');
  expect(other.others).toEqual([{ ...expected[0], found: texts[0].expected }]);
});
