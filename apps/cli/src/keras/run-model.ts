import { encodeNpy, encodeSafetensors, decodeSafetensors, type NumericArray } from '@heed/formats';
import type { KerasModel } from '@heed/keras';
import * as tf from '@tensorflow/tfjs-core';
import { nest } from '../attend/nest.js';
import { readArray, type ReadArray } from '../attend/read-array.js';
import type { KerasFlags } from '../commands/keras-command.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import type { Host } from '../host.js';
import { mapFormat, writeMaps } from '../io/map-files.js';
import { significant } from '../io/numbers.js';
import { UsageError } from '../usage-error.js';
import { difference, lineOf, outputsIn } from './compare.js';
import { readInputs } from './inputs.js';
import { mapsOf } from './maps.js';

const MOST_MAPS = 8;

/** Runs a model on the inputs of `--input`, and writes, shows and compares what comes out. */
export async function runModel(host: Host, model: KerasModel, flags: KerasFlags, backend: string): Promise<ExitCode> {
  const { output } = host;
  const write = flags.out === undefined ? undefined : writerOf(flags.out, model.outputs.length);
  if (flags.mapsOut !== undefined) mapFormat(flags.mapsOut);
  const expected = typeof flags.check === 'string' ? await readExpected(host, flags.check) : undefined;
  const inputs = await readInputs(host, model, flags.input!);
  const { outputs, attention } = model.attend(inputs);
  try {
    const arrays = await Promise.all(outputs.map(arrayOf));
    output.event({
      event: 'result',
      backend,
      outputs: arrays.map(({ shape, data }) => ({ shape, data: nest(data as Float32Array, shape) })),
    });
    for (const [n, { shape, data }] of arrays.entries()) output.print(`output ${n} [${shape}] ${glance(data)}`);
    const maps = flags.maps === true || flags.mapsOut !== undefined ? await mapsOf(attention) : [];
    if (flags.maps === true) showMaps(host, model, maps);
    for (const map of maps)
      output.event({ event: 'map', title: map.title, weights: map.weights.map((row) => Array.from(row)) });
    if (flags.mapsOut !== undefined) await writeMaps(host, flags.mapsOut, maps, model.name);
    if (write !== undefined) await host.writeFile(flags.out!, write(arrays));
    for (const file of [flags.out, flags.mapsOut]) if (file !== undefined) output.note(`written to ${file}`);
    return expected === undefined ? EXIT.ok : await compare(host, outputs, expected, flags);
  } finally {
    tf.dispose([inputs, outputs, attention.map(({ weights }) => weights)]);
  }
}

function showMaps({ output }: Host, model: KerasModel, maps: Awaited<ReturnType<typeof mapsOf>>): void {
  if (maps.length === 0)
    output.note(model.attentionLayers.length === 0 ? 'no layer of the model can show attention' : 'no map to show');
  output.maps(maps.slice(0, MOST_MAPS));
  if (maps.length > MOST_MAPS)
    output.note(`showing ${MOST_MAPS} of ${maps.length} maps; --maps-out FILE writes all of them`);
}

async function compare(
  { output }: Host,
  outputs: readonly tf.Tensor[],
  expected: readonly ReadArray[],
  { tolerance }: KerasFlags,
): Promise<ExitCode> {
  if (expected.length !== outputs.length)
    throw new UsageError(`the model has ${outputs.length} outputs, and ${expected.length} are expected`);
  let passed = true;
  for (const [n, found] of outputs.entries()) {
    const result = await difference(`output ${n}`, found, expected[n]!, tolerance);
    passed &&= result.passed;
    output.event({ event: 'difference', ...result });
    output.print(lineOf(result, output.paint));
  }
  return passed ? EXIT.ok : EXIT.toleranceBreached;
}

async function arrayOf(tensor: tf.Tensor): Promise<NumericArray> {
  const data = await tensor.data();
  const { shape, dtype } = tensor;
  if (dtype === 'int32') return { dtype, shape, data: data as Int32Array };
  if (dtype === 'bool') return { dtype, shape, data: Uint8Array.from(data) };
  return { dtype: 'float32', shape, data: data as Float32Array };
}

/** Outputs that a file says are expected: one array, or `output/0`, `output/1`, …. */
async function readExpected(host: Host, path: string): Promise<readonly ReadArray[]> {
  if (!path.endsWith('.safetensors')) return [await readArray(host, path)];
  return outputsIn(decodeSafetensors(await host.readFile(path)).tensors, 'output');
}

/** By the extension, which is checked before the work is done. */
function writerOf(path: string, outputs: number): (arrays: readonly NumericArray[]) => Uint8Array {
  if (path.endsWith('.safetensors'))
    return (arrays) => encodeSafetensors(Object.fromEntries(arrays.map((array, n) => [`output/${n}`, array])));
  if (!path.endsWith('.npy'))
    throw new UsageError(`can't tell the format of ${JSON.stringify(path)}`, 'end it in .npy or .safetensors');
  if (outputs > 1)
    throw new UsageError(`a .npy file holds one array, and the model has ${outputs} outputs`, 'end it in .safetensors');
  return ([array]) => encodeNpy(array!);
}

/** The first numbers, for a look. */
function glance(data: ArrayLike<number>): string {
  const shown = Array.from({ length: Math.min(data.length, 6) }, (_, n) => significant(data[n]!, 4));
  return data.length > shown.length ? `${shown.join(' ')} …` : shown.join(' ');
}
