// node scripts/write-card.mjs RUN EVAL.json…: takes the model of a run into this package, with its card and README. Each EVAL.json
// is what `heed eval RUN --json` printed.
import { createHash } from 'node:crypto';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadG2p } from '@heed/datasets';
import { readSummary, writeReadme } from './readme.mjs';

const [run, ...evaluations] = process.argv.slice(2);
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'g2p');
for (const name of ['model.safetensors', 'run.json']) await copyFile(join(run, name), join(folder, name));

const bytes = await readFile(join(folder, 'model.safetensors'));
const info = JSON.parse(await readFile(join(folder, 'run.json'), 'utf8'));
const results = await Promise.all(evaluations.map(readSummary));
const { title, url, licence, version } = (await loadG2p(info.dataOptions)).describe();
const { model, training, progress } = info;

const card = {
  formatVersion: 1,
  name: 'g2p',
  task: info.task,
  title: 'How English words are said',
  description: 'Turns the spelling of an English word into its phonemes (ARPAbet, without stress), letter by letter.',
  limits: [
    'It knows North American English as one dictionary has it; names and loanwords are often wrong.',
    'About every third word that it never saw has a wrong phoneme: it shows how attention works, and is no pronunciation guide.',
    'Letters a to z, apostrophe, hyphen and full stop; one word at a time.',
  ],
  licence: 'Apache-2.0',
  data: { title, url, licence, version },
  architecture:
    `Bahdanau's encoder–decoder: bidirectional ${model.cell.toUpperCase()} encoder (2 × ${model.encoderUnits}), ` +
    `additive attention (${model.attention.units} units), ${model.cell.toUpperCase()} decoder (${model.decoderUnits}), ${model.output} output`,
  parameters: results[0].parameters ?? parametersOf(bytes),
  seed: model.seed,
  steps: progress.best.step,
  trainingSeconds: Math.round(progress.seconds),
  command: `heed train g2p --preset standard --steps ${training.steps} --seed ${training.seed} --backend wasm --threads 1 --out runs/g2p`,
  file: { name: 'model.safetensors', bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') },
  evaluations: results.map(
    ({ split, beam, words, wordErrors, wordErrorRate, phonemes, phonemeErrors, phonemeErrorRate }) => ({
      split,
      beam,
      words,
      wordErrors,
      wordErrorRate,
      phonemes,
      phonemeErrors,
      phonemeErrorRate,
    }),
  ),
  baseline: {
    wordErrorRate: results[0].baseline.wordErrorRate,
    phonemeErrorRate: results[0].baseline.phonemeErrorRate,
  },
};
await writeFile(join(folder, 'card.json'), `${JSON.stringify(card, undefined, 2)}\n`);
await writeReadme(root, card);

/** Counted in the header of the file. */
function parametersOf(file) {
  const header = JSON.parse(file.subarray(8, 8 + Number(file.readBigUInt64LE(0))).toString('utf8'));
  return Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .reduce((sum, [, { shape }]) => sum + shape.reduce((product, length) => product * length, 1), 0);
}
