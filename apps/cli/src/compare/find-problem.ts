import { COMPOSED } from '@heed/backends/composed';
import { listCases, listExpectedCases } from '@heed/conformance';
import { createSeq2Seq, type recurrent, type Seq2Seq, type Seq2SeqConfig } from '@heed/networks';
import { holdsRun, type ConfigOf, type ExampleOf, type ModelOf, type Pair, type ParameterTable } from '@heed/nn';
import type { CompareFlags } from '../commands/compare-command.js';
import type { Host } from '../host.js';
import { mechanismsOf, tasksOf, type AnyData, type AnyTask } from '../known.js';
import { dataOf, openModel } from '../model.js';
import { nearestName, sample } from '@heed/base';
import { configure } from '../train/configure.js';
import { UsageError } from '../usage-error.js';
import { caseProblem } from './case-problem.js';
import { modelProblem } from './model-problem.js';
import { holdsPretrained, pretrainedProblem } from './pretrained-problem.js';
import type { Problem } from './problem.js';

type ProblemFlags = Pick<CompareFlags, 'preset' | 'attention' | 'seed' | 'words'>;

/**
 * The problem of that name: a task with a new model, a conformance case, the model of a run, or a pretrained model.
 *
 * @throws UsageError when there is none
 */
export async function findProblem(host: Host, name: string, flags: ProblemFlags): Promise<Problem> {
  const tasks = tasksOf(host);
  if (Object.hasOwn(tasks, name)) return newModel(host, tasks[name], flags);
  for (const flag of ['preset', 'attention'] as const) {
    if (flags[flag] !== undefined) throw new UsageError(`--${flag} is for a new model of a task`, 'heed compare g2p …');
  }
  if (listExpectedCases().includes(name)) return caseProblem(name);
  if (await holdsRun(await host.runFolder(name))) return trainedModel(host, name, flags);
  if (await holdsPretrained(host, name)) {
    host.output.note(COMPUTING);
    return pretrainedProblem(host, name, flags, (load) => withoutKernels(host, load));
  }
  throw unknown(host, name);
}

async function newModel(host: Host, task: AnyTask, flags: ProblemFlags): Promise<Problem> {
  const { seed } = flags;
  const preset = configure(task, flags, host);
  const data = await task.load({ seed, files: host.packageFiles });
  const config = task.configure(preset, data, seed);
  if (!isRecurrent(config)) throw notRecurrent(host, task.name, config.kind);
  const mechanisms = mechanismsOf(host);
  const model = await withoutKernels(host, () => createSeq2Seq(config, undefined, { mechanisms }));
  const { pairs, words } = pairsOf(task, data.validation, flags);
  const name = flags.preset ?? Object.keys(task.presets)[0];
  const title = `${task.name}: a new ${name} model, ${config.attention.kind} attention, seed ${seed}, on ${words}`;
  host.output.note(COMPUTING);
  return modelProblem(title, { kind: 'model', config, parameters: take(model), pairs }, host.brought.file);
}

async function trainedModel(host: Host, folder: string, flags: ProblemFlags): Promise<Problem> {
  const opened = await withoutKernels(host, () => openModel(host, folder));
  const { info } = opened;
  const model = recurrentOnly(host, opened.model, folder);
  const { pairs, words } = pairsOf(opened.task, (await dataOf(host, opened)).test, flags);
  const title = `${folder}: ${info.task} after ${info.progress.step} steps, ${model.config.attention.kind} attention, on ${words}`;
  host.output.note(COMPUTING);
  return modelProblem(
    title,
    { kind: 'model', config: model.config, parameters: take(model), pairs },
    host.brought.file,
  );
}

function recurrentOnly(host: Host, model: ModelOf, name: string): Seq2Seq {
  const { kind } = model.config;
  if (isRecurrent(model.config)) return model as Seq2Seq;
  model.dispose();
  throw notRecurrent(host, name, kind);
}

const isRecurrent = (config: ConfigOf): config is Seq2SeqConfig => config.kind === 'recurrent';

const notRecurrent = (host: Host, name: string, kind: string): UsageError =>
  new UsageError(
    `${name} has a ${kind} model`,
    `heed compare takes recurrent encoder–decoders (${comparable(host).join(', ')}), and cases of heed conformance`,
  );

/** The tasks that have one. */
const comparable = (host: Host): readonly string[] =>
  Object.values(tasksOf(host))
    .filter(({ presets }) => Object.values(presets).some(({ model }) => model.kind === 'recurrent'))
    .map(({ name }) => name);

const COMPUTING = 'computing the model in float64, to hold the backends against';

/** Parameters are made once, and are the same numbers on every backend and without one. */
async function withoutKernels<T>({ backends }: Host, make: () => T | Promise<T>): Promise<T> {
  const { selectBackend } = await import('@heed/core');
  const backend = await selectBackend(await backends.load(COMPOSED.name));
  try {
    return await make();
  } finally {
    await backend.dispose();
  }
}

function take(model: Seq2Seq): ParameterTable {
  const entries = Object.entries(model.parameters).map(([key, variable]) => {
    const data = variable.dataSync<'float32'>().slice();
    return [key, { shape: variable.shape, data }] as const;
  });
  model.dispose();
  return Object.fromEntries(entries);
}

/** Examples of a task that a recurrent network learns: their sources, each with the first of its targets. */
function pairsOf({ unit, write }: AnyTask, examples: AnyData['test'], { words: count, seed }: ProblemFlags) {
  const chosen = sample(examples, count, seed);
  const pairs = chosen.filter(isSequence).map(({ source, targets }): Pair => ({ source, target: targets[0] }));
  return { pairs, words: `${chosen.length} ${unit}: ${shortened(chosen.map(write))}` };
}

const isSequence = (one: unknown): one is ExampleOf<typeof recurrent> =>
  typeof one === 'object' && one !== null && 'source' in one && 'targets' in one;

const MOST_NAMED = 8;

const shortened = (words: readonly string[]): string =>
  words.slice(0, MOST_NAMED).join(' ') + (words.length > MOST_NAMED ? ' …' : '');

function unknown(host: Host, name: string): UsageError {
  const cases = listCases().map(({ id }) => id);
  if (cases.includes(name)) {
    return new UsageError(`case ${name} has no numbers to compare`, `heed conformance --case ${name}`);
  }
  const near = nearestName(name, [...comparable(host), ...listExpectedCases()]);
  const kinds = `a problem is a task (${comparable(host).join(', ')}), a case of heed conformance, or the folder of a run or of a pretrained model`;
  return new UsageError(
    `there is no problem ${JSON.stringify(name)}`,
    near === undefined ? kinds : `did you mean ${near}? ${kinds}`,
  );
}
