import type { DatasetSummary, Survey } from '@heed/datasets';
import { words } from '../figures.js';
import type { Output } from '../host.js';
import { plain } from '../io/plain.js';

/** What data are, how many there are, and how they were cleaned and split. */
export function describeSummary({ paint }: Output, summary: DatasetSummary): string {
  const { title, source, url, licence, version, options, alphabets, counts, examples = [], notes } = summary;
  const facts = {
    source: url === '' ? source : `${source} (${url})`,
    licence,
    version,
    options: Object.entries(options)
      .map(([key, value]) => `${key} ${value}`)
      .join(', '),
    ...Object.fromEntries(Object.entries(alphabets).map(([key, symbols]) => [key, symbols.join(' ')])),
  };
  return [
    paint.bold(plain(title)),
    ...Object.entries(facts).map(([key, text]) => `  ${key.padEnd(10)}${plain(text)}`),
    '',
    ...Object.entries(counts).map(([key, count]) => `  ${number(count).padStart(9)}  ${words(key)}`),
    '',
    ...(examples.length > 0 ? [...examples.map((example) => `  ${plain(example)}`), ''] : []),
    ...notes.map((note) => `  ${note}`),
  ].join('\n');
}

/** Lengths, characters, labels, and rows that look wrong. */
export function describeSurvey({ paint }: Output, { lengths, alphabets, sizes, labels, suspicions }: Survey): string {
  return [
    '',
    ...Object.entries(sizes ?? {}).map(
      ([side, { least, median, p95, most }]) =>
        `  ${side} of pictures: ${number(least)} to ${number(most)} pixels, half have at most ${number(median)}, 95 % at most ${number(p95)}`,
    ),
    ...Object.entries(lengths).map(
      ([side, { least, median, p95, most }]) =>
        `  ${side}: ${number(least)} to ${number(most)} units, half have at most ${number(median)}, 95 % at most ${number(p95)}`,
    ),
    ...Object.entries(alphabets).map(([side, { size, mostCommon, rare, rareExamples, scripts }]) =>
      [
        `  ${side}: ${number(size)} characters, the most common ${visible(mostCommon.slice(0, COMMON).map(([one]) => one))}`,
        ...(rare > 0 ? [`    once or twice: ${number(rare)}, as ${visible(rareExamples.slice(0, RARE))}`] : []),
        ...(scripts.length > 0
          ? [`    scripts: ${scripts.map(([name, count]) => `${name} ${number(count)}`).join(', ')}`]
          : []),
      ].join('\n'),
    ),
    ...labels.map(([label, count]) => `  ${number(count).padStart(9)}  ${plain(label)}`),
    ...suspicions.flatMap(({ why, rows, first }) => [
      `  ${paint.yellow(`${number(rows)} ${rows === 1 ? 'row' : 'rows'}`)} with ${why}`,
      ...first.map(({ file, line, text }) => `    ${plain(file)}, line ${line}: ${plain(text)}`),
    ]),
  ].join('\n');
}

const COMMON = 20;
const RARE = 10;

const number = (count: number): string => count.toLocaleString('en');

/** Characters with spaces between; the space itself, and what has no shape, by a sign. */
const visible = (characters: readonly string[]): string =>
  characters.map((one) => (one === ' ' ? '␣' : plain(one))).join(' ');
