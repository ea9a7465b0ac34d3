import { HeedError } from '@heed/base';
import { decodeSafetensors } from '@heed/formats';
import type { KerasModel, KerasSource } from '@heed/keras';
import * as tf from '@tensorflow/tfjs-core';
import type { ReadArray } from '../attend/read-array.js';
import type { KerasFlags } from '../commands/keras-command.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import type { Host } from '../host.js';
import { UsageError } from '../usage-error.js';
import { difference, lineOf, outputsIn } from './compare.js';
import { tensorsOf } from './inputs.js';
import { inside, isWeights, LARGEST, loadFrom } from './open-model.js';

// A model that was saved to be computed in float16 is computed in float32 here: numbers made in float16 differ by its rounding.
const HALF_PRECISION = 5e-3;

/**
 * Holds every model of a folder to the numbers in it: `input/NAME` or `input/0`, `output/0`, …, in any of its `.safetensors`; `output_f32/0`, …
 * where the same weights were also run in float32.
 */
export async function checkFolder(host: Host, folder: string, flags: KerasFlags, backend: string): Promise<ExitCode> {
  const files = await host.filesIn(folder);
  if (files === undefined)
    throw new UsageError(`${folder} is not a folder`, '--check FILE compares the outputs of --input');
  const numbers = await readNumbers(host, folder, files);
  const models = modelsIn(files);
  if (models.length === 0)
    throw new UsageError(`${folder} has no model`, 'it would end in .keras or .h5, or be called model.json');
  const { output } = host;
  let failed = 0;
  for (const names of models) {
    const source = await sourceOf(host, folder, names);
    const model = await loadFrom(host, inside(folder, names[0]!), source);
    try {
      for (const result of await holdTo(model, numbers, flags.tolerance)) {
        if (!result.passed) failed++;
        const named = { ...result, output: `${names.join(' + ')}, ${result.output}` };
        output.event({ event: 'difference', files: names, ...result });
        output.print(lineOf(named, output.paint));
      }
    } finally {
      model.dispose();
    }
  }
  output.event({ event: 'done', backend, models: models.length, failed });
  return failed > 0 ? EXIT.toleranceBreached : EXIT.ok;
}

interface Numbers {
  readonly inputs: ReadonlyMap<string, ReadArray>;
  readonly outputs: readonly ReadArray[];
  /** The same in float32, of a model of mixed precision. */
  readonly exact: readonly ReadArray[];
}

async function readNumbers(host: Host, folder: string, files: readonly string[]): Promise<Numbers> {
  const tensors: Record<string, ReadArray> = {};
  for (const name of files.filter((name) => name.endsWith('.safetensors')))
    Object.assign(tensors, decodeSafetensors(await host.readFile(inside(folder, name), LARGEST)).tensors);
  const inputs = Object.entries(tensors).flatMap(([key, array]) =>
    key.startsWith('input/') ? [[key.slice(6), array] as const] : [],
  );
  const outputs = outputsIn(tensors, 'output');
  if (inputs.length === 0 || outputs.length === 0)
    throw new HeedError('FILE_INVALID', {
      message: `${folder} has no numbers to be held to`,
      hint: 'a .safetensors file has input/NAME and output/0, output/1, …',
    });
  return { inputs: new Map(inputs), outputs, exact: outputsIn(tensors, 'output_f32') };
}

/** Each model with the files that it consists of. */
function modelsIn(files: readonly string[]): string[][] {
  const whole = files.filter((name) => /\.(keras|h5|hdf5)$/.test(name) && !isWeights(name)).map((name) => [name]);
  const weights = files.find(isWeights);
  const json = files.includes('model.json') ? [['model.json', ...(weights === undefined ? [] : [weights])]] : [];
  return [...whole, ...json];
}

async function sourceOf(host: Host, folder: string, names: readonly string[]): Promise<KerasSource> {
  const entries: [string, Uint8Array][] = [];
  for (const name of names) entries.push([name, await host.readFile(inside(folder, name), LARGEST)]);
  return entries.length === 1 && !names[0]!.endsWith('.json') ? entries[0]![1] : Object.fromEntries(entries);
}

async function holdTo(model: KerasModel, { inputs, outputs, exact }: Numbers, tolerance: number) {
  const given = tensorsOf(model, inputs);
  const found = [model.predict(given) as tf.Tensor | tf.Tensor[]].flat();
  try {
    if (found.length !== outputs.length)
      throw new HeedError('SHAPE_MISMATCH', {
        message: `the model has ${found.length} outputs, and ${outputs.length} are expected`,
      });
    const results = [];
    for (const [n, tensor] of found.entries()) {
      const half = exact.length > 0;
      results.push(
        await difference(`output ${n}`, tensor, outputs[n]!, half ? Math.max(tolerance, HALF_PRECISION) : tolerance),
      );
      if (half) results.push(await difference(`output ${n} in float32`, tensor, exact[n]!, tolerance));
    }
    return results;
  } finally {
    tf.dispose([given, found]);
  }
}
