import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { wasm } from '@heed/backend-wasm';
import { selectBackend, type AttentionBackend } from '@heed/core';
import { parseCard } from '@heed/models';
import { MODEL_NAMES, modelFolder } from '@heed/models/node';
import { openRun } from '@heed/nn/node';
import type { Picture } from '@heed/pictures';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findTask, tasks, type Task } from '../src/index.js';

let backend: AttentionBackend;
beforeAll(async () => {
  backend = await selectBackend(wasm({ threads: 1 }));
});
afterAll(() => backend.dispose());

/** Tasks whose models people train themselves. */
const NOT_SHIPPED = ['video'];

type Data = Awaited<ReturnType<Task['load']>>;

/** Expects that what shows a model of the task at work is in no part of the data that models learn from. */
function expectNew(task: Task, { train, validation }: Data): void {
  const seen = [...train, ...validation].map((example) => folded(task.write(example as never)));
  const example = folded(task.example);
  // A text to continue is a part of what was learnt from; others are learnt whole.
  if (task.name === 'generate') expect(seen.join(' ')).not.toContain(example);
  else expect(seen).not.toContain(example);
}

/** A text without what writers differ in. */
const folded = (text: string): string => text.toLowerCase().normalize('NFKC').replaceAll(/\s+/g, ' ').trim();

test.each(NOT_SHIPPED)('%s shows an example that its models never learn from', async (name) => {
  expectNew(findTask(name), await findTask(name).load({ seed: 1 }));
});

test('every other task has a model that is shipped', () => {
  expect([...MODEL_NAMES, ...NOT_SHIPPED].toSorted()).toEqual(Object.keys(tasks).toSorted());
});

// Enough to tell a trained model from an untrained one, few enough to take only seconds.
const EXAMPLES = 120;

/** Figures that say more of a model than its first does: hardly a name of a concept that is new to it is the same as a reference. */
const TOLD_BY: Readonly<Record<string, string>> = { caption: 'chrf' };

/** A red disc on white. */
const disc: Picture = {
  width: 64,
  height: 64,
  channels: 3,
  data: Uint8Array.from({ length: 64 * 64 * 3 }, (_, at) => {
    const [x, y] = [Math.floor(at / 3) % 64, Math.floor(at / 3 / 64)];
    const inside = (x - 31.5) ** 2 + (y - 31.5) ** 2 < 24 ** 2;
    return !inside ? 255 : at % 3 === 0 ? 220 : 30;
  }),
};

describe.each(MODEL_NAMES)('the shipped model of %s', (name) => {
  const task = findTask(name);
  /** Data that it learnt from, which take longer to read than all that is done with them. */
  let data: Data | undefined;
  let version: string;
  beforeAll(async () => {
    const { model, info } = await openRun(modelFolder(name), { networks: task.networks });
    model.dispose();
    version = info.dataVersion;
    data = await task.load(info.dataOptions as { seed: number });
  });
  afterAll(() => (data = undefined));

  test('shows an example that it never learnt from', () => expectNew(task, data!));

  test('does on a sample of its test split what its card says', async () => {
    const { model } = await openRun(modelFolder(name), { networks: task.networks });
    expect(data!.version).toBe(version);
    const step = Math.max(1, Math.floor(data!.test.length / EXAMPLES));
    const sample = data!.test.filter((_, n) => n % step === 0).slice(0, EXAMPLES);
    const { figures, examples } = await task.judge(model, sample);
    const card = parseCard(await readFile(join(modelFolder(name), 'card.json'), 'utf8'));
    const { key, format } = task.metrics.find((metric) => metric.key === TOLD_BY[name]) ?? task.metrics[0];
    const told = card.evaluations[0].figures[key];
    // Four standard deviations of a share over so many examples; a mean of lengths, or BLEU, varies less than a quarter.
    const spread = format === 'share' ? 4 * Math.sqrt((told * (1 - told) + 0.01) / examples) : 0.25 * told;
    expect(Math.abs(figures[key] - told)).toBeLessThan(spread);
    model.dispose();
  });

  test('answers its example, with attention maps and without leaks', async () => {
    const empty = tf.memory().numTensors;
    const { model } = await openRun(modelFolder(name), { networks: task.networks });
    // What the first answer leaves recorded, with its memories, serves the second.
    const input = task.parse(task.example, task.pictures === undefined ? [] : [disc]);
    await task.answer(model, [input]);
    const before = tf.memory().numTensors;
    const [answer] = await task.answer(model, [input]);
    expect(tf.memory().numTensors).toBe(before);
    expect(answer!.output).toMatch(/\S/);
    expect(answer!.maps.length + (answer!.overlay?.steps.length ?? 0)).toBeGreaterThan(0);
    for (const { weights, rowLabels, columnLabels } of answer!.maps) {
      expect(weights).toHaveLength(rowLabels!.length);
      for (const row of weights) expect(row).toHaveLength(columnLabels!.length);
    }
    expect(JSON.parse(JSON.stringify(answer!.details))).toEqual(answer!.details);
    model.dispose();
    expect(tf.memory().numTensors).toBe(empty);
  });
});
