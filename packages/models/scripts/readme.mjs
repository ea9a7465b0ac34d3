import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatFigure } from '../dist/card.js';

const number = (value) => value.toLocaleString('en');
export const minutes = (seconds) =>
  seconds < 120 ? `${Math.round(seconds)} s` : `${(seconds / 60).toFixed(seconds < 600 ? 1 : 0)} min`;

const best = ({ steps, bestStep }) => (bestStep === steps ? '' : ` (best after ${number(bestStep)})`);

/** How far the model's confidence is from the share of right answers. */
function confidence({ confidence, unit }) {
  if (confidence === undefined) return [];
  const { examples, split, expectedCalibrationError: error } = confidence;
  return [
    `- **Confidence.** Expected calibration error ${formatFigure(error.after, 'share')}, ` +
      `without calibration ${formatFigure(error.before, 'share')} (${number(examples)} ${unit} of the ${split} split).`,
  ];
}

/** The section of the README that is written from a card. */
export function cardSection(card) {
  const metrics = card.metrics.filter(
    ({ key, among }) => among === undefined && card.evaluations.some(({ figures }) => key in figures),
  );
  const row = (name, { figures }) =>
    `| ${[name, ...metrics.map(({ key, format }) => formatFigure(figures[key], format))].join(' | ')} |`;
  const searched = card.evaluations.some(({ beam }) => beam > 1);
  const how = (beam) => (searched ? `, ${beam > 1 ? `beam ${beam}` : 'greedy'}` : '');
  const part = ({ split, testSet }) => (testSet === undefined ? `the ${split} split` : `test set ${testSet}`);
  const of = ({ testSet }) => (testSet === undefined ? '' : `, ${testSet}`);
  return [
    `## \`${card.name}\`: ${card.title.charAt(0).toLowerCase()}${card.title.slice(1)}`,
    '',
    card.description,
    '',
    `- **Model.** ${card.architecture}; ${number(card.parameters)} parameters in float32, ${(card.file.bytes / 1e6).toFixed(1)} MB.`,
    `- **Data.** ${card.data.title}, ${card.data.url}; ${card.data.licence}. \`${card.data.version}\``,
    `- **Licence** of the parameters: ${card.licence}, with the notices of the data.`,
    ...confidence(card),
    `- **Training.** ${number(card.steps)} steps${best(card)}, ${minutes(card.trainingSeconds)} on one core, seed ${card.seed}:`,
    '',
    '```sh',
    card.command,
    '```',
    '',
    `| on ${card.unit} it never saw | ${metrics.map(({ label }) => label).join(' | ')} |`,
    `| --- ${'| --- '.repeat(metrics.length)}|`,
    ...card.evaluations.map((one) => row(`${number(one.examples)} ${card.unit} of ${part(one)}${how(one.beam)}`, one)),
    ...card.baselines.map((one) => row(`${one.title}${of(one)}`, one)),
    '',
    ...card.limits.map((limit) => `- ${limit}`),
  ].join('\n');
}

const BEGIN = '<!-- cards: begin (written by `pnpm take:model`) -->';
const END = '<!-- cards: end -->';

export async function writeReadme(root, cards) {
  const path = join(root, 'README.md');
  const text = await readFile(path, 'utf8');
  const [before, after] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (before < 0 || after < before) throw new Error(`${path} has lost the marks around the cards`);
  await writeFile(
    path,
    `${text.slice(0, before)}${BEGIN}\n\n${cards.map(cardSection).join('\n\n')}\n\n${text.slice(after)}`,
  );
}
