import { join } from 'node:path';
import { cpu } from '@heed/backend-cpu';
import { selectBackend } from '@heed/core';
import type { Network } from '@heed/nn';
import { createRun } from '@heed/nn/node';
import { ownKinds, type Task } from '@heed/tasks';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';

/** Texts of a file for each kind of data that somebody may bring. */
export const OWN_FILES: Readonly<Record<string, { readonly name: string; readonly text: string }>> = {
  pairs: { name: 'words.tsv', text: lines(madeUpWords(), (word) => `${word}\t${[...word].toReversed().join(' ')}`) },
  labels: {
    name: 'mails.tsv',
    text: lines(
      madeUpWords(),
      (word, n) => `${n % 2 === 0 ? 'a good day' : 'a bad day'} of ${word}\t${n % 2 === 0 ? 'glad' : 'sad'}`,
    ),
  },
  text: {
    name: 'story.txt',
    text: lines(madeUpWords(), (word, n) => `the ${word} sat on a mat and slept .${n % 10 === 9 ? '\n' : ''}`),
  },
};

/** Made-up words of five letters, no two of them the same: numbers in base 8 with letters for digits. */
function madeUpWords(): string[] {
  const FACTOR = 7919; // odd, so that all products differ
  return Array.from({ length: 400 }, (_, n) =>
    Array.from(((n * FACTOR) % 8 ** 5).toString(8).padStart(5, '0'), (digit) => 'abcdefgh'[Number(digit)]).join(''),
  );
}

function lines(words: readonly string[], line: (word: string, n: number) => string): string {
  return words.map((word, n) => `${line(word, n)}\n`).join('');
}

/**
 * Trains a model for a few steps on a file of each kind, so that there are runs to open.
 *
 * @returns folders of the runs, by kind
 */
export async function trainOwnRuns(place: string): Promise<Readonly<Record<string, string>>> {
  const backend = await selectBackend(cpu());
  const folders: Record<string, string> = {};
  for (const [kind, { name, text }] of Object.entries(OWN_FILES)) {
    const task: Task<Network> = ownKinds[kind].define({ data: [new File([text], name)] }, {});
    const data = await task.load({ seed: 1 });
    const preset = task.presets['small'] ?? Object.values(task.presets)[0];
    folders[kind] = join(place, kind);
    const run = await createRun(folders[kind], {
      task: task.name,
      dataVersion: data.version,
      dataOptions: { ...data.options, data: [name] },
      model: task.configure(preset, data, 1),
      training: {
        ...preset.training,
        seed: 1,
        steps: 4,
        batchSize: 4,
        warmupSteps: 1,
        evaluateEvery: 4,
        validationExamples: 4,
      },
      networks: task.networks,
      examples: data,
    });
    await run.train();
    run.dispose();
  }
  await backend.dispose();
  return folders;
}
