import { checkName } from '@heed/base';
import type { Preset } from '@heed/tasks';
import type { Network } from '@heed/nn';
import type { Measured } from '../cost/measure.js';
import type { MeasuredModel } from '../cost/model-cost.js';
import type { OpCost } from '../cost/op-cost.js';
import { OP_NAMES, OPS, type OpName } from '../cost/op-names.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { refuseFlags } from '../flag-names.js';
import type { Host } from '../host.js';
import { significant } from '../io/numbers.js';
import { networksFor, taskNamed, tasksOf, type AnyTask } from '../known.js';
import { table } from '../table.js';
import { difference, howTimed, withSpread } from '../timing.js';
import { configure } from '../train/configure.js';
import { typed, UsageError } from '../usage-error.js';
import type { CostFlags } from './cost-command.js';

/** Flags that a problem has no use for. */
const OF_TASKS = ['preset', 'attention', 'batchSize'] as const;
const OF_OPS = ['batch', 'heads', 'length', 'width'] as const;
const MEANINGLESS = { task: OF_OPS, 'dot-product': OF_TASKS, additive: [...OF_TASKS, 'heads'] } as const;

/** What attention takes: of a task's model beside the same without attention, or of an op by its sizes. */
export async function cost(host: Host, problem: string, flags: CostFlags): Promise<ExitCode> {
  const isOp = Object.hasOwn(OPS, problem);
  typed(() => checkName('problem', problem, [...OP_NAMES, ...Object.keys(tasksOf(host))]));
  refuseFlags(flags, MEANINGLESS[isOp ? (problem as OpName) : 'task'], `for ${problem}`);
  await import('@tensorflow/tfjs'); // registers the gradients of its ops
  if (isOp) await opCost(host, problem as OpName, flags);
  else await taskCost(host, taskNamed(problem, host), flags);
  host.output.event({ event: 'done' });
  return EXIT.ok;
}

async function opCost({ output, backends }: Host, name: OpName, flags: CostFlags): Promise<void> {
  const { costOfOp } = await import('../cost/op-cost.js');
  const backend = await backends.use(flags);
  try {
    const found = await costOfOp(OPS[name], flags, flags.rounds);
    output.event({ event: 'op', backend: backend.name, ...found });
    output.print(describeOp(found, backend.name));
  } finally {
    await backend.dispose();
  }
}

async function taskCost(host: Host, task: AnyTask, flags: CostFlags): Promise<void> {
  const { output } = host;
  const { measureModels, typicalBatch } = await import('../cost/model-cost.js');
  const preset = configure(task, flags, host);
  const pair = { with: preset, without: withoutAttention(task, flags, host) };
  if (JSON.stringify(pair.with.model) === JSON.stringify(pair.without.model)) {
    throw new UsageError(`${task.name} with ${pair.with.title} has no attention to tell the cost of`);
  }
  const data = await task.load({ seed: flags.seed, files: host.packageFiles });
  const backend = await host.backends.use(flags);
  try {
    const size = flags.batchSize ?? preset.training.batchSize;
    const networks = networksFor(task, host);
    const batch = typicalBatch(task.configure(preset, data, flags.seed), data.train, size, networks);
    const { items, source, target } = batch;
    output.note(
      `measuring ${pair.with.title} and ${pair.without.title} in turns: ${items.length} ${task.unit}, ` +
        `lengths up to ${source} and ${target}`,
    );
    const candidate = (side: keyof typeof pair) => ({
      title: pair[side].title,
      config: task.configure(pair[side], data, flags.seed),
    });
    const candidates = { with: candidate('with'), without: candidate('without') };
    const found = await measureModels(candidates, batch, { rounds: flags.rounds, networks });
    for (const side of ['with', 'without'] as const) {
      output.event({ event: 'model', side, backend: backend.name, batch: { size, source, target }, ...found[side] });
    }
    output.print(describeModels(found.with, found.without, backend.name));
  } finally {
    await backend.dispose();
  }
}

/** Preset that does without attention: the task's own, or the same recurrent model with attention 'none'. */
function withoutAttention(task: AnyTask, flags: CostFlags, host: Host): Preset<Network> {
  return task.plain === undefined
    ? configure(task, { ...flags, attention: 'none' }, host)
    : configure(task, { ...flags, preset: task.plain, attention: undefined }, host);
}

function describeModels(withIt: MeasuredModel, without: MeasuredModel, backend: string): string {
  const row = (name: string, of: (model: MeasuredModel) => number, write: (value: number) => string): string[] => {
    const [a, b] = [of(withIt), of(without)];
    return [name, write(a), write(b), `${a < b ? '−' : '+'}${write(Math.abs(a - b))}`];
  };
  const timeRow = (name: string, pass: 'forward' | 'training'): string[] => {
    const [a, b] = [withIt[pass], without[pass]];
    return [name, withSpread(a), withSpread(b), difference(a, b)];
  };
  const forward = (model: MeasuredModel) => model.formula?.total.forward ?? model.forward.counted;
  const training = (model: MeasuredModel) => model.formula?.total.training ?? model.training.counted;
  // Not every kind of model has a formula of its own.
  const how = withIt.formula === undefined ? 'by the formulas of its large ops' : 'by formula';
  return [
    `with:     ${withIt.title}`,
    `without:  ${without.title}`,
    '',
    table([
      ['', 'with', 'without', 'attention adds'],
      row('parameters', ({ parameters }) => parameters, count),
      row('forward', (model) => forward(model).flops, flops),
      row('training step', (model) => training(model).flops, flops),
      row('read and written', (model) => training(model).bytes, bytes),
      timeRow('forward, time', 'forward'),
      timeRow('training step, time', 'training'),
      row('forward, memory', (model) => model.forward.peakBytes, bytes),
      row('training step, memory', (model) => model.training.peakBytes, bytes),
    ]),
    '',
    `FLOPs, and what a step reads and writes, ${how};`,
    howMeasured(backend, withIt.forward),
  ].join('\n');
}

function describeOp({ formula, measured }: OpCost, backend: string): string {
  const row = (name: string, pass: 'forward' | 'training', write: (one: Measured) => string) => [
    name,
    write(measured.heed[pass]),
    write(measured.composed[pass]),
  ];
  const memory = ({ peakBytes }: Measured): string => bytes(peakBytes);
  return [
    table([
      ['', 'heed', 'composed'],
      row('forward, time', 'forward', withSpread),
      row('forward and backward, time', 'training', withSpread),
      row('forward, memory', 'forward', memory),
      row('forward and backward, memory', 'training', memory),
    ]),
    '',
    `${howMeasured(backend, measured.heed.forward)};`,
    'composed: of matrix products and softmax;',
    `by formula: ${flops(formula.forward.flops)} forward, ${flops(formula.training.flops)} with the backward pass;`,
    `a composed form holds ${bytes(formula.composedBytes)} more than inputs and outputs`,
  ].join('\n');
}

const howMeasured = (backend: string, measured: Measured): string =>
  `times on ${backend}: ${howTimed(measured)};\nmemory: the most at once`;

const count = (value: number): string => value.toLocaleString('en');
const flops = (value: number): string => scaled(value, 1000, ['FLOP', 'kFLOP', 'MFLOP', 'GFLOP', 'TFLOP']);
const bytes = (value: number): string => scaled(value, 1024, ['B', 'KiB', 'MiB', 'GiB']);

function scaled(value: number, step: number, units: readonly string[]): string {
  const power = value < step ? 0 : Math.min(units.length - 1, Math.floor(Math.log(value) / Math.log(step)));
  return `${significant(value / step ** power)} ${units[power]}`;
}
