import {
  judgeConfidence,
  type Calibration,
  type ConfidenceReport,
  type Judgement,
  type OutputsByKind,
} from '@heed/tasks';
import { stringify } from 'devalue';
import { reliabilityInWords, reliabilityOf } from '../calibration/describe.js';
import { calibrationOf } from '../eval/calibration-of.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import type { Host, Output } from '../host.js';
import type { AnyData, AnyTask } from '../known.js';
import { describeJudgements } from '../eval/describe-judgements.js';
import { examplesOf, limited } from '../eval/examples-of.js';
import { dataOf, modelTitle, openModelOn, type OpenModel } from '../model.js';
import { refuseOption } from '../task-options.js';
import type { EvalFlags } from './eval-command.js';

/** Outcomes of a test set's examples on a backend, wherever they come from. */
type OutcomesOf = (set: ReturnType<typeof examplesOf>[number], backend: string) => Promise<readonly unknown[]>;

/** @param elsewhere gives the outcomes of examples where they aren't computed here */
export async function evaluateRun(
  host: Host,
  runOrTask: string,
  flags: EvalFlags,
  elsewhere?: OutcomesOf,
): Promise<ExitCode> {
  const { output } = host;
  const { split, limit, beam = 1, seed } = flags;
  const { backend, opened } = await openModelOn(host, flags, runOrTask);
  const { task, model, info } = opened;
  try {
    if (flags.beam !== undefined) refuseOption(task, 'beam', '--beam');
    const data = await dataOf(host, opened, flags);
    const sets = limited(examplesOf(data, split), limit, seed);
    if (flags.range !== undefined) return await tellOutcomes(host, opened, data, sets, flags);
    const how = task.options.includes('beam') ? `, ${beam > 1 ? `beam ${beam}` : 'greedy'}` : '';
    const calibration = await calibrationOf(host, runOrTask, opened, data, limit);
    const { outputs } = calibration;
    const title = modelTitle(task, model.config);
    const [{ examples }] = sets;
    const judge = (judged: typeof model, signal?: AbortSignal): Promise<Judgement> =>
      judgeShowing(output, { task, examples, beam, outputs }, judged, signal);
    const judged: SetJudgement[] = [];
    let seconds = 0;
    for (const set of sets) {
      const isOne = sets.length === 1;
      const where = isOne ? `of the ${split} split` : `of ${set.title} (${set.name})`;
      output.note(`${set.examples.length.toLocaleString('en')} ${task.unit} ${where}${how}, backend ${backend.name}`);
      const started = performance.now();
      const judgement =
        elsewhere === undefined
          ? await judgeShowing(output, { task, examples: set.examples, beam, outputs }, model)
          : task.figures(set.examples, await elsewhere(set, backend.name));
      seconds += (performance.now() - started) / 1000;
      const baselines = await judgeBaselines(task, data, set.examples);
      judged.push({ name: set.name, title: set.title, ...judgement, baselines });
      if (!isOne) output.print(`${judged.length > 1 ? '\n' : ''}${output.paint.underline(set.title)}`);
      const isLast = judged.length === sets.length;
      output.print(
        describeJudgements(
          output,
          task,
          [[`${runOrTask} (${title})`, judgement], ...baselines.map((one) => [one.title, one] as const)],
          { hasMeanings: isLast },
        ),
      );
    }
    const [{ baselines, name: _name, title: _title, ...judgement }] = judged;
    const reliability = await judgeReliability(output, { task, examples, beam }, model, calibration);
    if (reliability !== undefined) output.print(`\n${reliabilityInWords(reliabilityOf(reliability), task.unit)}`);
    const hasCompared =
      flags.compare === undefined && flags.seeds === undefined
        ? true
        : await compare(host, runOrTask, flags, {
            ...opened,
            data,
            judge: (one, signal) => (one === model ? Promise.resolve(judgement) : judge(one, signal)),
          });
    output.event({
      event: 'done',
      run: runOrTask,
      task: task.name,
      model: title,
      split,
      beam,
      ...judgement,
      baselines,
      ...(judged.length > 1 && { testSets: judged }),
      ...(reliability && {
        expectedCalibrationError: reliabilityOf(reliability).expectedCalibrationError,
        reliability: { examples: reliability.examples, before: reliability.before.bins, after: reliability.after.bins },
      }),
      parameters: model.parameterCount,
      step: info.progress.best?.step ?? info.progress.step,
      steps: info.progress.steps,
      trainingSeconds: info.progress.seconds,
      dataVersion: data.version,
      backend: backend.name,
      seconds,
    });
    return hasCompared ? EXIT.ok : EXIT.interrupted;
  } finally {
    model.dispose();
    await backend.dispose();
  }
}

/** Tries a model on a range of the examples, for whoever puts the figures together. */
async function tellOutcomes(
  { output }: Host,
  { task, model, calibration }: OpenModel,
  data: AnyData,
  sets: ReturnType<typeof examplesOf>,
  { split, beam = 1, range }: EvalFlags,
): Promise<ExitCode> {
  const { examples } = sets.find(({ name }) => name === split) ?? sets[0]!;
  const outputs = calibration === undefined ? task.outputs?.(data) : calibration.outputs;
  const outcomes = await task.outcomes(model, examples.slice(range!.from, range!.to), {
    ...(beam > 1 && { beam }),
    ...(outputs && { outputs }),
  });
  output.event({ event: 'outcomes', outcomes: stringify(outcomes) });
  return EXIT.ok;
}

/** A judgement of one set of examples. */
interface SetJudgement extends Judgement {
  readonly name: string;
  readonly title: string;
  readonly baselines: readonly (Judgement & { readonly title: string })[];
}

async function judgeBaselines(
  { baselines }: AnyTask,
  { train }: AnyData,
  examples: AnyData['test'],
): Promise<(Judgement & { title: string })[]> {
  const judged: (Judgement & { title: string })[] = [];
  for (const { title, judge } of baselines) judged.push({ title, ...(await judge(train, examples)) });
  return judged;
}

interface Judging {
  readonly task: AnyTask;
  readonly examples: AnyData['test'];
  readonly beam: number;
  /** Output symbols of each kind of input. */
  readonly outputs?: OutputsByKind;
}

/** Judges a model, with how far it is. */
async function judgeShowing(
  output: Output,
  { task, examples, beam, outputs }: Judging,
  model: OpenModel['model'],
  signal?: AbortSignal,
): Promise<Judgement> {
  const started = performance.now();
  const judgement = await task.judge(model, examples, {
    ...(beam > 1 && { beam }),
    ...(outputs && { outputs }),
    ...(signal && { signal }),
    onProgress: ({ done, total }) => {
      const rate = done / ((performance.now() - started) / 1000);
      const secondsLeft = (total - done) / rate;
      const note = `${rate < 10 ? rate.toFixed(1) : Math.round(rate)} ${task.unit}/s`;
      output.progress({ done, total, unit: 'example', notes: [note], secondsLeft });
    },
  });
  output.endProgress();
  return judgement;
}

/** How far confidence is from being right, on some of the examples; undefined where no answer is right or wrong. */
async function judgeReliability(
  output: Output,
  { task, examples, beam }: Judging,
  model: OpenModel['model'],
  calibration: Pick<Calibration, 'confidence' | 'outputs'>,
): Promise<ConfidenceReport | undefined> {
  const report = await judgeConfidence(task, model, examples.slice(0, MOST_WEIGHED), calibration, {
    ...(beam > 1 && { beam }),
    onProgress: ({ done, total }) => output.progress({ done, total, unit: 'confidence: example' }),
  });
  output.endProgress();
  return report;
}

// Answers take longer than judgements, as they have attention maps.
const MOST_WEIGHED = 500;

interface Compared extends OpenModel {
  readonly data: AnyData;
  readonly judge: (model: OpenModel['model'], signal: AbortSignal) => Promise<Judgement>;
}

/** @returns false where it was interrupted; the same command goes on from there */
async function compare(
  host: Host,
  runOrTask: string,
  { out, compare, seeds = 1 }: EvalFlags,
  { task, info, model, data, judge }: Compared,
): Promise<boolean> {
  await import('@tensorflow/tfjs'); // registers the gradients of its ops
  const { compareRuns } = await import('../eval/compare-runs.js');
  const isShipped = (await host.shippedModel(runOrTask)) !== undefined;
  const interrupt = host.interruptible('stopping after this step; the same command goes on from there');
  try {
    return await compareRuns(host, {
      task,
      data,
      info,
      model,
      folder: out ?? `${isShipped ? `runs/${runOrTask}` : runOrTask}-compared`,
      compare,
      seeds,
      judge: (one) => judge(one, interrupt.signal),
      signal: interrupt.signal,
    });
  } finally {
    interrupt.release();
  }
}
