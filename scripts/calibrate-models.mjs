// `pnpm calibrate:models [NAME…]`: calibrates the models of @heed/models, or those that are named, on the validation parts of their
// data. Writes calibration.json beside each, what it comes to on the test part into its card, and the README again.
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { wasm } from '../packages/backend-wasm/dist/index.js';
import { sample } from '../packages/base/dist/index.js';
import { selectBackend } from '../packages/core/dist/index.js';
import { MODEL_NAMES, modelFolder } from '../packages/models/dist/node.js';
import { writeReadme } from '../packages/models/scripts/readme.mjs';
import { NETWORKS } from '../packages/networks/dist/index.js';
import { openRun } from '../packages/nn/dist/node.js';
import { calibrate, judgeConfidence, tasks } from '../packages/tasks/dist/index.js';
import { root as repository } from './steps.mjs';

// Nothing waits for it, so more than a training takes: enough that the bins of the test examples are not mostly chance.
const MOST_VALIDATED = 1000;
const MOST_TESTED = 2000;
const SECONDS = 600;

const root = join(repository, 'packages', 'models');
const names = process.argv.slice(2);
await selectBackend(wasm());
for (const name of names.length > 0 ? names : MODEL_NAMES) await calibrateModel(name);
const cards = MODEL_NAMES.map(async (name) => JSON.parse(await readFile(join(root, name, 'card.json'), 'utf8')));
await writeReadme(root, await Promise.all(cards));

async function calibrateModel(name) {
  const folder = modelFolder(name);
  const { model, info } = await openRun(folder, { networks: NETWORKS });
  const task = tasks[info.task];
  const data = await task.load(info.dataOptions);
  if (data.version !== info.dataVersion)
    throw new Error(`${name} is of ${info.dataVersion}, installed is ${data.version}`);
  const { seed } = info.model;
  const found = await calibrate(task, model, data, { seed, most: MOST_VALIDATED, seconds: SECONDS });
  const sha256 = createHash('sha256')
    .update(await readFile(join(folder, 'model.safetensors')))
    .digest('hex');
  await write(join(folder, 'calibration.json'), { formatVersion: 1, model: sha256, ...found });
  const tested = sample(data.test, MOST_TESTED, seed);
  const report = await judgeConfidence(task, model, tested, found, { seconds: SECONDS });
  const path = join(folder, 'card.json');
  const { confidence: _, ...card } = JSON.parse(await readFile(path, 'utf8'));
  await write(path, { ...card, ...(report && { confidence: confidenceOf(report) }) }, 2);
  console.log(name, JSON.stringify(report ? confidenceOf(report) : 'no answer is right or wrong'));
  model.dispose();
}

function confidenceOf({ examples, before, after }) {
  const expectedCalibrationError = { before: before.expectedCalibrationError, after: after.expectedCalibrationError };
  return { split: 'test', examples, expectedCalibrationError };
}

async function write(path, value, indent) {
  await writeFile(path, `${JSON.stringify(value, undefined, indent)}\n`);
}
