// `pnpm results`: writes docs/results.md from the reports in docs/results, which are outputs of `heed eval … --json`, and from the
// cards of the shipped models.
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { alone } from '../bench/dist/report/draw.js';
import { meanOf } from '../apps/cli/dist/sweep/interval.js';
import { formatFigure } from '../packages/models/dist/card.js';
import { tasks } from '../packages/tasks/dist/index.js';
import { minutes } from '../packages/models/scripts/readme.mjs';
import { readReport } from './reports.mjs';
import { meansPlot } from './results-plot.mjs';
import { root } from './steps.mjs';

const REPORTS = join(root, 'docs', 'results');

const names = (await readdir(REPORTS)).filter((name) => name.endsWith('.ndjson')).toSorted();
const reports = await Promise.all(names.map((name) => readReport(join(REPORTS, name))));

const number = (value) => value.toLocaleString('en');

/** Best figure of a column, among the trained models. */
function bestOf({ key, better }, rows) {
  const values = rows.flatMap(({ figures }) => figures[key] ?? []);
  return values.length < 2 ? undefined : better === 'lower' ? Math.min(...values) : Math.max(...values);
}

/**
 * What is alike but for the seed, as one: figures are means over seeds, of as many as there are of each, since seeds decide what is held back. Others
 * wait until they are there of all.
 */
function overSeeds(reports) {
  const groups = new Map();
  for (const report of reports) {
    const { model, beam, steps, title } = report;
    const how = JSON.stringify([model, beam, steps, title]);
    groups.set(how, [...(groups.get(how) ?? []), report]);
  }
  const fewest = Math.min(...[...groups.values()].map((group) => group.length));
  return [...groups.values()].map((group) => meansOf(group.slice(0, fewest)));
}

function meansOf(group) {
  const mean = (read) => meanOf(group.map(read)).mean;
  const { figures, baselines } = group[0];
  const means = Object.keys(figures).map((key) => [key, meanOf(group.map((one) => one.figures[key]))]);
  return {
    ...group[0],
    seeds: group.length,
    dataVersions: [...new Set(group.map(({ dataVersion }) => dataVersion))],
    examples: mean(({ examples }) => examples),
    trainingSeconds: mean(({ trainingSeconds }) => trainingSeconds),
    figures: Object.fromEntries(means.map(([key, { mean }]) => [key, mean])),
    halves: Object.fromEntries(means.map(([key, { half }]) => [key, half])),
    baselines: baselines && overSeeds(group.flatMap((one) => one.baselines)),
  };
}

/** Where figures would come out otherwise: how much by the choice of the examples, for a share, and how much by the seed. */
function uncertainty({ metrics: [{ key, label, format }] }, rows) {
  const [{ figures, examples, seeds }] = rows;
  const error = Math.sqrt((figures[key] * (1 - figures[key])) / examples);
  return [
    ...(format === 'share'
      ? [`One standard error of the best ${label} is ${(100 * error).toPrecision(2)} points.`]
      : []),
    seeds > 1
      ? `Each model was trained with ${seeds} seeds, which also decide which examples are held back: means with their 95 % intervals (Student’s t).`
      : 'Each model was trained once.',
  ].join(' ');
}

/** Reports by their first figure. */
function bestFirst({ metrics: [{ key, better }] }, reports) {
  const sign = better === 'lower' ? 1 : -1;
  return overSeeds(reports).toSorted((a, b) => sign * (a.figures[key] - b.figures[key]));
}

async function section(task) {
  const own = reports.filter((report) => report.task === task.name);
  if (own.length === 0) return [];
  const sets = own[0].testSets;
  if (sets !== undefined) return sectionOfSets(task, own, sets);
  const trained = bestFirst(task, own);
  const [{ examples, dataVersions, baselines }] = trained;
  return [
    `## ${task.title}`,
    '',
    `\`heed eval ${task.name}\`: ${number(Math.round(examples))} ${task.unit} of the test split, which no model saw. Data: ${dataVersions.map((version) => `\`${version}\``).join(', ')}`,
    '',
    uncertainty(task, trained),
    '',
    ...(await tableOf(task, trained, baselines)),
    '',
    await plotOf(task, trained, baselines),
    '',
  ];
}

/** A plot of the table's first figure, written beside the reports. */
async function plotOf({ name, metrics: [{ key, label, format }] }, trained, baselines) {
  const named = (rows, isTrained) =>
    rows.map((one) => ({
      name: isTrained ? titleAmong(trained)(one) + stepsAmong(trained)(one) : one.title,
      mean: one.figures[key],
      half: one.halves[key],
      isTrained,
    }));
  const title = `${label.charAt(0).toUpperCase()}${label.slice(1)}, with 95 % intervals where there are several seeds`;
  const plot = meansPlot({ name, title, format }, [...named(trained, true), ...named(baselines, false)]);
  await mkdir(join(REPORTS, 'plots'), { recursive: true });
  await writeFile(join(REPORTS, 'plots', `${name}.svg`), alone(plot));
  return `![${title}](results/plots/${name}.svg)`;
}

/** Titles of models, with how they search where that tells them apart; and with their steps. */
const titleAmong = (trained) => {
  const searches = trained.some(({ beam }) => beam > 1);
  return ({ model, beam }) => (searches ? `${model}, ${beam > 1 ? `beam ${beam}` : 'greedy'}` : model);
};
const stepsAmong = (trained) => {
  const differ = new Set(trained.map(({ steps }) => steps)).size > 1;
  return ({ steps }) => (differ ? `, ${number(steps)} steps` : '');
};

const row = (list) => `| ${list.join(' | ')} |`;

/** '92.2 % ± 1.3', or the figure alone where there is one seed. */
function inWords({ key, format }, figures, halves) {
  const text = formatFigure(figures[key], format);
  const half = halves?.[key];
  if (half === undefined || !(key in figures)) return text;
  const scale = format === 'share' ? 100 : 1;
  return `${text.replace(' %', '\u00a0%')}\u00a0±\u00a0${(scale * half).toFixed(format === 'share' ? 1 : 2)}`;
}

/** A row for each model, with how it was trained, and for each baseline. */
async function tableOf(task, trained, baselines) {
  const card = await readFile(join(root, 'packages', 'models', task.name, 'card.json'), 'utf8').then(
    JSON.parse,
    () => undefined,
  );
  const metrics = task.metrics.filter(({ key }) => [...trained, ...baselines].some(({ figures }) => key in figures));
  const cells = ({ figures, halves }, own) =>
    metrics.map((metric) => {
      const text = inWords(metric, figures, halves);
      const isBest =
        metric.better !== undefined && metric.key in figures && figures[metric.key] === bestOf(metric, trained);
      return own && isBest ? `**${text}**` : text;
    });
  const titleOf = titleAmong(trained);
  const isShipped = ({ parameters, model, steps }) =>
    card !== undefined && card.parameters === parameters && card.architecture === model && card.steps === steps;
  return [
    row(['model', 'parameters', 'steps', 'training', ...metrics.map(({ label }) => label)]),
    row(['---', '--:', '--:', '--:', ...metrics.map(() => '--:')]),
    ...trained.map((report) =>
      row([
        titleOf(report) + (isShipped(report) ? ' (shipped)' : ''),
        number(report.parameters),
        number(report.steps),
        minutes(report.trainingSeconds),
        ...cells(report, true),
      ]),
    ),
    ...baselines.map((one) => row([one.title, '', '', '', ...cells(one, false)])),
  ];
}

/** Test sets one by one: figures of all inputs, then those of each kind of them. */
async function sectionOfSets(task, trained, sets) {
  const kinds = [...new Set(task.metrics.flatMap(({ among }) => among ?? []))];
  const tables = await Promise.all(
    sets.map(async ({ name, title }) => {
      const all = { ...task, metrics: task.metrics.filter(({ among }) => among === undefined) };
      const reports = bestFirst(
        all,
        trained.map((report) => ({ ...report, ...report.testSets.find((set) => set.name === name) })),
      );
      const [{ baselines, examples }] = reports;
      return [
        `### ${title.charAt(0).toUpperCase()}${title.slice(1)}`,
        '',
        `${number(examples)} ${task.unit} (\`--split ${name}\`).`,
        '',
        uncertainty(all, reports),
        '',
        ...(await tableOf(all, reports, baselines)),
        '',
        ...ofKinds(task, kinds, [...reports.map(({ model, figures }) => ({ title: model, figures })), ...baselines]),
        '',
      ];
    }),
  );
  return [
    `## ${task.title}`,
    '',
    `\`heed eval ${task.name}\`, each test set by itself; no model saw any. Data: \`${trained[0].dataVersion}\``,
    '',
    ...tables.flat(),
  ];
}

/** A row for each kind of inputs of each model and baseline. */
function ofKinds({ metrics }, kinds, rows) {
  const of = (kind) => metrics.filter(({ among }) => among === kind);
  if (kinds.length === 0) return [];
  const head = of(kinds[0]).map(({ label }) => label.split(',')[0]);
  return [
    row(['', '', ...head]),
    row(['---', '---', ...head.map(() => '--:')]),
    ...rows.flatMap(({ title, figures }) =>
      kinds.map((kind) => row([title, kind, ...of(kind).map(({ key, format }) => formatFigure(figures[key], format))])),
    ),
  ];
}

const sections = await Promise.all(Object.values(tasks).map(section));
const text = [
  '# Results',
  '',
  'What attention brings, task by task: models of like size under the same training budget, with attention and without, judged on',
  'data that none of them saw. Written by `pnpm results` from the reports of `heed eval` in [docs/results](results); the best figure',
  'of the trained models is bold. Where the steps in a table differ, the budgets did. Training is on one core with the wasm backend, one',
  'thread; times are of a machine that was shared by several runs.',
  '',
  ...sections.flat(),
].join('\n');
await writeFile(join(root, 'docs', 'results.md'), `${text.trimEnd()}\n`);
