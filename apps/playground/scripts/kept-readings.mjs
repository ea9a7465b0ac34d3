// Writes the readings that a first visit shows before a model is loaded: node apps/playground/scripts/kept-readings.mjs, after a build.
import { readFile, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { wasm } from '@heed/backend-wasm';
import { selectBackend } from '@heed/core';
import { models } from '@heed/models';
import { decodeModel } from '@heed/nn';
import { parseCalibration, tasks, trustIn } from '@heed/tasks';

/** Sentences whose words change their order in the other language, so that the map shows it, by that language. */
const SENTENCES = {
  fr: 'Cannot delete the selected file',
  zh: 'Open the folder in a new window',
};

/** Digits after the point of a weight that is kept. */
const DIGITS = 4;

/** What the shipped translator makes of the sentences, by the language that it writes. */
export async function keptReadings() {
  const { model: file, calibration: trusted } = models.translate;
  const task = tasks.translate;
  const calibration = parseCalibration(await readFile(trusted, 'utf8'));
  const backend = await selectBackend(wasm());
  const model = decodeModel(await readFile(file), { networks: task.networks });
  try {
    const readings = {};
    for (const [into, sentence] of Object.entries(SENTENCES)) {
      const input = task.parse(`${into}: ${sentence}`);
      const [answer] = await task.answer(model, [input], { outputs: calibration.outputs });
      const [{ weights, rowLabels, columnLabels }] = answer.maps;
      readings[into] = {
        sentence,
        output: answer.output,
        confidence: rounded(trustIn(task, calibration)(input, answer).confidence),
        written: [...rowLabels],
        read: [...columnLabels],
        weights: weights.map((row) => Array.from(row, rounded)),
      };
    }
    return readings;
  } finally {
    model.dispose();
    await backend.dispose();
  }
}

const rounded = (x) => Number(x.toFixed(DIGITS));

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const text = JSON.stringify(await keptReadings());
  await writeFile(new URL('../src/views/read/kept-readings.json', import.meta.url), `${text}\n`);
  console.log(`${text.length} bytes`);
}
