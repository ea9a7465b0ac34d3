// Writes a folder of a model with random weights, for Heed and for transformers.js: `node folder.js '{"to":…,"kind":…,"size":…}'`. In a process
// of its own, whose memory is given back when it ends.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import { cpu } from '@heed/backend-cpu';
import { selectBackend } from '@heed/core';
import { encodeSafetensors } from '@heed/formats';
import { exportGraph } from '@heed/onnx/export';
import * as tf from '@tensorflow/tfjs-core';
import { decoderGraph, encoderGraph } from './graphs.js';
import { decoderShape, encoderShape, SIZES, weightsOf } from './models.js';

export interface FolderArguments {
  readonly to: string;
  readonly kind: 'decoder' | 'encoder';
  readonly size: keyof typeof SIZES;
}

const SEED = 1;

const { to, kind, size } = JSON.parse(process.argv[2]) as FolderArguments;
const sizes = SIZES[size][kind];
const shape = kind === 'decoder' ? decoderShape(sizes) : encoderShape(sizes);
const weights = weightsOf(shape, SEED);
await mkdir(join(to, 'onnx'), { recursive: true });
await writeFile(join(to, 'config.json'), JSON.stringify(shape.config, undefined, 2));
await writeFile(join(to, 'model.safetensors'), encodeSafetensors(weights));

await selectBackend(cpu());
const tensors = new Map(
  Object.entries(weights).map(([name, { data, shape }]) => [name, tf.tensor(data as Float32Array, [...shape])]),
);
const graph = (kind === 'decoder' ? decoderGraph : encoderGraph)(sizes, (name) => tensors.get(name)!);
const past = { past: kind === 'decoder' ? 0 : 1 };
const longest = { sequence: sizes.positions };
await writeFile(
  join(to, 'onnx', 'model.onnx'),
  await exportGraph(graph, { longest, ...(kind === 'decoder' && { shortest: past }) }),
);
