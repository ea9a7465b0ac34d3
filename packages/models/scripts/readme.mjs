import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The last event of `heed eval --json`. */
export async function readSummary(path) {
  const events = (await readFile(path, 'utf8')).trim().split('\n');
  return JSON.parse(events.at(-1));
}

const percent = (share) => `${(100 * share).toFixed(1)} %`;

/** The part of the README that the card decides, between two marks. */
export function cardSection(card) {
  const rows = card.evaluations.map(
    ({ split, beam, words, wordErrorRate, phonemeErrorRate }) =>
      `| ${words.toLocaleString('en')} words of the ${split} split, ${beam > 1 ? `beam ${beam}` : 'greedy'} | ${percent(wordErrorRate)} | ${percent(phonemeErrorRate)} |`,
  );
  return [
    `## \`${card.name}\`: ${card.title.toLowerCase()}`,
    '',
    card.description,
    '',
    `- **Model.** ${card.architecture}; ${card.parameters.toLocaleString('en')} parameters in float32, ${(card.file.bytes / 1e6).toFixed(1)} MB.`,
    `- **Data.** ${card.data.title}, ${card.data.url}; ${card.data.licence}. \`${card.data.version}\``,
    `- **Licence** of the parameters: ${card.licence}, with the dictionary's notice.`,
    `- **Training.** ${card.steps.toLocaleString('en')} steps, ${Math.round(card.trainingSeconds / 60)} minutes on one core, seed ${card.seed}:`,
    '',
    '```sh',
    card.command,
    '```',
    '',
    '| on words it never saw | words wrong | phonemes wrong |',
    '| --- | --- | --- |',
    ...rows,
    `| the most common phoneme per letter | ${percent(card.baseline.wordErrorRate)} | ${percent(card.baseline.phonemeErrorRate)} |`,
    '',
    ...card.limits.map((limit) => `- ${limit}`),
  ].join('\n');
}

const BEGIN = '<!-- card: begin (written by scripts/write-card.mjs) -->';
const END = '<!-- card: end -->';

export async function writeReadme(root, card) {
  const path = join(root, 'README.md');
  const text = await readFile(path, 'utf8');
  const [before, after] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (before < 0 || after < before) throw new Error(`${path} has lost the marks around the card`);
  await writeFile(path, `${text.slice(0, before)}${BEGIN}\n\n${cardSection(card)}\n\n${text.slice(after)}`);
}
