import { formatFigure } from '@heed/models/card';
import type { Judgement } from '@heed/tasks';
import { EXIT, type ExitCode } from '../exit-codes.js';
import type { Host, Output } from '../host.js';
import type { AnyData, AnyTask } from '../known.js';
import { dataOf, modelTitle, openModel } from '../model.js';
import { sample } from '@heed/base';
import { refuseOption } from '../task-options.js';
import type { EvalFlags } from './eval-command.js';

export async function evaluateRun(host: Host, runOrTask: string, flags: EvalFlags): Promise<ExitCode> {
  const { output } = host;
  const { split, limit, beam = 1, seed } = flags;
  const backend = await host.backends.use(flags);
  const opened = await openModel(host, runOrTask);
  const { task, model, info } = opened;
  try {
    if (flags.beam !== undefined) refuseOption(task, 'beam', '--beam');
    const data = await dataOf(host, opened);
    const examples = limit === undefined ? data[split] : sample(data[split], limit, seed);
    const how = task.options.includes('beam') ? `, ${beam > 1 ? `beam ${beam}` : 'greedy'}` : '';
    output.note(
      `${examples.length.toLocaleString('en')} ${task.unit} of the ${split} split${how}, backend ${backend.name}`,
    );

    const started = performance.now();
    const judgement = await task.judge(model, examples, {
      ...(beam > 1 && { beam }),
      onProgress: ({ done, total }) => {
        const rate = done / ((performance.now() - started) / 1000);
        const secondsLeft = (total - done) / rate;
        const note = `${rate < 10 ? rate.toFixed(1) : Math.round(rate)} ${task.unit}/s`;
        output.progress({ done, total, unit: 'example', notes: [note], secondsLeft });
      },
    });
    output.endProgress();
    const seconds = (performance.now() - started) / 1000;
    const baselines = await judgeBaselines(task, data, examples);

    const title = modelTitle(task, model.config);
    output.event({
      event: 'done',
      run: runOrTask,
      task: task.name,
      model: title,
      split,
      beam,
      ...judgement,
      baselines,
      parameters: model.parameterCount,
      step: info.progress.best?.step ?? info.progress.step,
      steps: info.progress.steps,
      trainingSeconds: info.progress.seconds,
      dataVersion: data.version,
      backend: backend.name,
      seconds,
    });
    output.print(
      describe(output, task, [
        [`${runOrTask} (${title})`, judgement],
        ...baselines.map((one) => [one.title, one] as const),
      ]),
    );
    return EXIT.ok;
  } finally {
    model.dispose();
    await backend.dispose();
  }
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

/** The figures of each under its name, and what they are. */
function describe({ paint }: Output, { metrics }: AnyTask, rows: readonly (readonly [string, Judgement])[]): string {
  const shown = metrics.filter(({ key }) => rows.some(([, { figures }]) => key in figures));
  const judged = rows.flatMap(([name, { figures }]) => {
    const cells = shown.map(({ key, label, format }) => ({ label, figure: formatFigure(figures[key], format) }));
    const lines = inLines(cells, ({ label, figure }) => `${label} ${figure}`.length);
    const write = (line: typeof cells): string =>
      line.map(({ label, figure }) => `${label} ${paint.bold(figure)}`).join('  ');
    return [paint.bold(name), ...lines.map((line) => `  ${write(line)}`)];
  });
  const meanings = shown.flatMap(({ label, meaning }) => (meaning === undefined ? [] : [`  ${label}: ${meaning}`]));
  return [...judged, ...(meanings.length > 0 ? ['', ...meanings.map((line) => paint.dim(line))] : [])].join('\n');
}

/** As many cells a line as fit in 80 columns, with two spaces before each. */
function inLines<Cell>(cells: readonly Cell[], widthOf: (cell: Cell) => number): Cell[][] {
  const lines: Cell[][] = [];
  let room = 0;
  for (const cell of cells) {
    const width = widthOf(cell) + 2;
    if (width > room) {
      lines.push([]);
      room = WIDTH;
    }
    lines.at(-1)!.push(cell);
    room -= width;
  }
  return lines;
}

const WIDTH = 80;
