// `pnpm take:model RUN EVAL…`: takes the model of a run into @heed/models, with its card and README. Each EVAL is a file with the
// output of `heed eval RUN --json`. Without arguments it writes the README again, from the cards.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { MODEL_NAMES } from '../packages/models/dist/node.js';
import { writeReadme } from '../packages/models/scripts/readme.mjs';
import { tasks } from '../packages/tasks/dist/index.js';
import { readReport } from './reports.mjs';
import { root as repository } from './steps.mjs';

const root = join(repository, 'packages', 'models');
const [run, ...evaluations] = process.argv.slice(2);
if (run !== undefined) await writeCard();
const cards = MODEL_NAMES.map(async (name) => JSON.parse(await readFile(join(root, name, 'card.json'), 'utf8')));
await writeReadme(root, await Promise.all(cards));

async function writeCard() {
  const info = JSON.parse(await readFile(join(run, 'run.json'), 'utf8'));
  const results = await Promise.all(evaluations.map(readReport));
  const task = tasks[info.task];
  const folder = join(root, task.name);
  await mkdir(folder, { recursive: true });
  for (const name of ['model.safetensors', 'run.json']) {
    if (resolve(run) !== resolve(folder)) await copyFile(join(run, name), join(folder, name));
  }
  if (resolve(run) !== resolve(folder)) await takeCalibration(folder);
  const bytes = await readFile(join(folder, 'model.safetensors'));
  const data = await task.load(info.dataOptions);
  const { title, url, licence, version } = data.describe();
  if (version !== info.dataVersion) throw new Error(`the run is of ${info.dataVersion}, installed is ${version}`);
  const [{ model: architecture, parameters }] = results;
  const card = {
    formatVersion: 2,
    name: task.name,
    task: task.name,
    title: task.title,
    description: task.description,
    limits: task.limits,
    licence: 'Apache-2.0',
    data: { title, url, licence, version },
    architecture,
    parameters,
    seed: info.model.seed,
    steps: info.progress.step,
    bestStep: info.progress.best?.step ?? info.progress.step,
    trainingSeconds: Math.round(info.progress.seconds),
    command: commandOf(task, info),
    file: { name: 'model.safetensors', bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') },
    unit: task.unit,
    example: task.example,
    options: task.options,
    metrics: task.metrics.map(({ meaning: _meaning, ...metric }) => metric),
    evaluations: results.flatMap(evaluationsOf),
    baselines: setsOf(results[0]).flatMap(({ testSet, baselines }) =>
      baselines.map(({ title, examples, figures }) => ({ title, testSet, examples, figures })),
    ),
  };
  await writeFile(join(folder, 'card.json'), `${JSON.stringify(card, undefined, 2)}\n`);
}

/** The test sets of a report; of data with one, the report itself. */
function setsOf(report) {
  return report.testSets?.map(({ name, ...rest }) => ({ testSet: name, ...rest })) ?? [report];
}

function evaluationsOf(report) {
  const { split, beam } = report;
  return setsOf(report).map(({ testSet, examples, figures }) => ({ split, testSet, beam, examples, figures }));
}

/** The calibration of the run, or none: that of another model would mislead. `pnpm calibrate:models` makes it and the card's figures. */
async function takeCalibration(folder) {
  const calibration = join(folder, 'calibration.json');
  await rm(calibration, { force: true });
  const kept = join(run, 'calibration.json');
  if (existsSync(kept)) await copyFile(kept, calibration);
}

/** Command that makes this run again. */
function commandOf({ name, presets }, { model, training }) {
  const same = (preset) =>
    Object.entries(preset.model).every(([key, value]) => JSON.stringify(model[key]) === JSON.stringify(value));
  const preset = Object.keys(presets).find((one) => same(presets[one]));
  if (preset === undefined) throw new Error(`no preset of ${name} has this model`);
  const { steps } = presets[preset].training;
  const changed = Object.entries(presets[preset].training).filter(([key, value]) => training[key] !== value);
  if (changed.some(([key]) => key !== 'steps')) throw new Error(`the training was changed: ${changed.join('; ')}`);
  const length = training.steps === steps ? '' : ` --steps ${training.steps}`;
  return `heed train ${name} --preset ${preset}${length} --seed ${training.seed} --backend wasm --threads 1 --out runs/${name}`;
}
