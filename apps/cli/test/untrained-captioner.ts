import { createRun } from '@heed/nn';
import { runFolder } from '@heed/nn/node';
import type { caption, video } from '@heed/tasks';

type Task = typeof caption | typeof video;
type Data = Awaited<ReturnType<typeof caption.load>> | Awaited<ReturnType<typeof video.load>>;

/** A run in a folder of a model as small as it can be, which hasn't learnt anything. The backend in use makes it. */
export async function keepUntrained(task: Task, preset: string, data: Data, folder: string): Promise<void> {
  const { model, training } = task.presets[preset]!;
  const { encoder, decoder } = model;
  if (encoder.kind !== 'convolutional' || decoder.kind !== 'recurrent') throw new Error(`${preset} is another model`);
  const small = {
    ...model,
    width: 4,
    encoder: { kind: 'convolutional', filters: encoder.filters.map(() => 2) },
    decoder: { ...decoder, embeddingWidth: 2, units: 4, outputUnits: 2 },
  } as const;
  const run = await createRun(runFolder(folder), {
    task: task.name,
    dataVersion: data.version,
    dataOptions: data.options,
    networks: task.networks,
    model: task.configure({ title: '', model: small, training }, data as never, 1),
    training: { ...training, steps: 1, batchSize: 1, validationExamples: 1, seed: 1 },
    examples: { train: data.train.slice(0, 1), validation: data.validation.slice(0, 1) },
  });
  run.dispose();
}
