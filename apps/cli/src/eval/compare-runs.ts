import { formatFigure } from '@heed/models/card';
import type { ModelOf, RunInfo } from '@heed/nn';
import type { Judgement } from '@heed/tasks';
import type { Host, Output } from '../host.js';
import type { AnyData, AnyTask } from '../known.js';
import { modelTitle } from '../model.js';
import { UsageError } from '../usage-error.js';
import { intervalOf, type Interval } from './interval.js';
import { again, rival, type Rival } from './rivals.js';
import { trainRival } from './train-rival.js';

/** A run, and what it is compared with. */
export interface Comparison {
  readonly task: AnyTask;
  readonly data: AnyData;
  readonly info: RunInfo;
  readonly model: ModelOf;
  /** Folder under which further runs are kept. */
  readonly folder: string;
  /** Name of what to compare with: a preset, a kind of attention, or 'none'; undefined compares with nothing. */
  readonly compare: string | undefined;
  /** Number of seeds of each. */
  readonly seeds: number;
  readonly judge: (model: ModelOf) => Promise<Judgement>;
  readonly signal: AbortSignal;
}

/** Figures of one side over its seeds. */
interface Side {
  readonly title: string;
  readonly judgements: readonly Judgement[];
}

/**
 * Trains a run's model with further seeds, and what it is compared with likewise, and judges all of them on the same examples. The
 * split of the data stays; seeds change the first parameters, the order of the examples and dropout.
 *
 * @returns false where the signal stopped it; what was trained is kept
 * @throws UsageError for a run that isn't finished
 */
export async function compareRuns(host: Host, comparison: Comparison): Promise<boolean> {
  const { task, info, compare, seeds, data } = comparison;
  const { step, steps } = info.progress;
  if (step < steps && !endedEarly(info)) {
    throw new UsageError(
      `the run is at step ${step} of ${steps}`,
      'train it to its end first, so that budgets are the same',
    );
  }
  const numbers = Array.from({ length: seeds }, (_, n) => info.model.seed + n);
  const own = await judgeAll(host, comparison, 'own', numbers, (seed) => again(info, task, seed));
  const other =
    compare === undefined
      ? undefined
      : await judgeAll(host, comparison, compare, numbers, (seed) => rival(host, task, info, data, compare, seed));
  if (own === undefined || (compare !== undefined && other === undefined)) return false;
  tell(host.output, comparison, own, other);
  return true;
}

/** Whether it stopped since validation improved no longer. */
const endedEarly = ({ training: { patience }, progress: { evaluations, best } }: RunInfo): boolean =>
  patience > 0 && best !== null && evaluations.filter(({ step }) => step > best.step).length >= patience;

async function judgeAll(
  host: Host,
  comparison: Comparison,
  name: string,
  seeds: readonly number[],
  make: (seed: number) => Rival,
): Promise<Side | undefined> {
  const { task, data, info, folder, signal, judge } = comparison;
  const judgements: Judgement[] = [];
  let title = modelTitle(task, info.model);
  for (const seed of seeds) {
    const isRun = name === 'own' && seed === info.model.seed;
    const made = make(seed);
    title = made.title;
    const model = isRun
      ? comparison.model
      : await trainRival(host, made, { task, data, info, folder: `${folder}/${name}-seed${seed}`, signal });
    if (model === undefined) return undefined;
    try {
      judgements.push(await judge(model));
    } finally {
      if (!isRun) model.dispose();
    }
    if (signal.aborted) return undefined;
  }
  return { title, judgements };
}

function tell(output: Output, { task, seeds }: Comparison, own: Side, other: Side | undefined): void {
  const { metrics } = task;
  const found = metrics.flatMap((metric) => {
    const values = own.judgements.map(({ figures }) => figures[metric.key]);
    if (values.includes(undefined as never)) return [];
    const others = other?.judgements.map(({ figures }) => figures[metric.key]) ?? [];
    const hasOthers = others.length > 0 && !others.includes(undefined as never);
    return [
      {
        metric,
        own: intervalOf(values),
        ...(hasOthers && {
          other: intervalOf(others),
          // Both sides of a seed begin alike and see the examples in the same order, so their difference varies less than they do.
          difference: intervalOf(values.map((value, n) => value - others[n])),
        }),
      },
    ];
  });
  output.event({
    event: 'comparison',
    seeds,
    own: { title: own.title, judgements: own.judgements },
    ...(other && { other: { title: other.title, judgements: other.judgements } }),
    figures: found.map(({ metric, ...rest }) => ({ key: metric.key, label: metric.label, ...rest })),
  });
  output.print(
    [
      '',
      output.paint.bold(
        `${seeds} ${seeds === 1 ? 'seed' : 'seeds'} of each${seeds > 1 ? ', mean and 95 % interval' : ''}`,
      ),
      ...found.map(({ metric, own: mine, other: theirs, difference }) => {
        const write = (interval: Interval, signed = false): string => withInterval(interval, metric.format, signed);
        return theirs === undefined || difference === undefined
          ? `  ${metric.label}: ${write(mine)}`
          : `  ${metric.label}: ${write(mine)}, ${other!.title} ${write(theirs)}; difference ${write(difference, true)}`;
      }),
      ...(found[0]?.difference === undefined ? [] : ['', verdict(task, found[0].difference, other!.title, seeds)]),
    ].join('\n'),
  );
}

function withInterval({ mean, half }: Interval, format: 'share' | 'number', signed: boolean): string {
  const sign = signed && mean > 0 ? '+' : '';
  const digits = format === 'share' ? 1 : 2;
  const scale = format === 'share' ? 100 : 1;
  const number = signed ? `${sign}${(scale * mean).toFixed(digits)}` : formatFigure(mean, format).replace(' %', '');
  const spread = half === undefined ? '' : ` ± ${(scale * half).toFixed(digits)}`;
  return `${number}${spread}${format === 'share' ? (signed ? ' points' : ' %') : ''}`;
}

/** One sentence that says whether the run's model is better than what it is compared with. */
function verdict(
  { metrics: [{ label, better }] }: AnyTask,
  { mean, half }: Interval,
  other: string,
  seeds: number,
): string {
  const gain = better === 'higher' ? mean : -mean;
  if (half === undefined)
    return `By ${label} of one seed it is ${gain > 0 ? 'better' : 'no better'} than ${other}: --seeds 3 tells chance apart.`;
  if (gain - half > 0) return `By ${label} it is better than ${other}: more than chance explains over ${seeds} seeds.`;
  if (gain + half < 0) return `By ${label} it is worse than ${other}: more than chance explains over ${seeds} seeds.`;
  return `By ${label} no difference from ${other} is shown over ${seeds} seeds.`;
}
