import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/base';
import type { Graph, GraphTensors } from '@heed/nn';
import type { OpenModel } from '../model.js';
import { BEGINNING, type samplingOf } from './settings.js';
import type { OnnxRuntime, RuntimeTensor, RuntimeTensors } from './onnx-runtime.js';

/** The program of a folder: answers a text with whatever runs the parts. */
type Answer = (
  text: string,
  run: (part: string, inputs: RuntimeTensors) => Promise<RuntimeTensors>,
) => Promise<{ readonly output: string }>;

/** How an exported model compares with Heed. */
export interface Checked {
  /** Greatest difference of any number that a part gave. */
  readonly worst: number;
  /** The part and the output that it is in. */
  readonly where: string;
  /** Texts whose answers are others. */
  readonly others: readonly { readonly text: string; readonly expected: string; readonly found: string }[];
  readonly texts: number;
}

interface Exported {
  readonly folder: string;
  readonly graphs: readonly Graph[];
  readonly models: Readonly<Record<string, Uint8Array>>;
}

/**
 * Answers texts by the program of a folder. Whatever it gives to a part of the model goes through the same part of Heed, too, and what they give is
 * compared.
 */
export async function checkExport(
  { folder, graphs, models }: Exported,
  { InferenceSession, Tensor }: OnnxRuntime,
  texts: readonly { readonly text: string; readonly expected: string }[],
  onProgress: (done: number) => void = () => {},
): Promise<Checked> {
  const { answer } = (await import(pathToFileURL(resolve(folder, 'run.mjs')).href)) as { readonly answer: Answer };
  const parts = new Map(
    await Promise.all(
      graphs.map(
        async (graph) => [graph.name, { graph, session: await InferenceSession.create(models[graph.name]) }] as const,
      ),
    ),
  );
  let worst = 0;
  let where = '';
  const run = async (name: string, inputs: RuntimeTensors): Promise<RuntimeTensors> => {
    const { graph, session } = parts.get(name)!;
    const feeds = Object.entries(inputs).map(([input, { type, data, dims }]) => [input, new Tensor(type, data, dims)]);
    const found = await session.run(Object.fromEntries(feeds) as RuntimeTensors);
    for (const [output, expected] of Object.entries(await heedGives(graph, inputs))) {
      const difference = greatestDifference(found[output], expected);
      if (difference > worst) [worst, where] = [difference, `${name}: ${output}`];
    }
    return found;
  };
  const others: Checked['others'][number][] = [];
  for (const [n, { text, expected }] of texts.entries()) {
    const { output: found } = await answer(text, run);
    if (found !== expected) others.push({ text, expected, found });
    onProgress(n + 1);
  }
  return { worst, where, others, texts: texts.length };
}

/** What Heed's part gives for the same inputs. */
async function heedGives(graph: Graph, inputs: RuntimeTensors): Promise<Readonly<Record<string, RuntimeTensor>>> {
  const given = Object.entries(inputs).map(
    ([name, { type, data, dims }]) => [name, tf.tensor(data, [...dims], type as 'float32')] as const,
  );
  const outputs = graph.run(Object.fromEntries(given) as GraphTensors);
  const read = Object.entries(outputs).map(
    async ([name, x]) => [name, { type: x.dtype, data: await x.data(), dims: x.shape }] as const,
  );
  try {
    return Object.fromEntries(await Promise.all(read)) as Record<string, RuntimeTensor>;
  } finally {
    tf.dispose([given.map(([, x]) => x), Object.values(outputs)]);
  }
}

/** Infinity for tensors of other shapes, for what is not a number, and where only one of two is finite. */
function greatestDifference(found: RuntimeTensor | undefined, expected: RuntimeTensor): number {
  if (found === undefined || String(found.dims) !== String(expected.dims)) return Infinity;
  let most = 0;
  for (let n = 0; n < expected.data.length; n++) {
    const [a, b] = [found.data[n], expected.data[n]];
    const difference = a === b ? 0 : Math.abs(a - b);
    most = Math.max(most, Number.isNaN(difference) ? Infinity : difference);
  }
  return most;
}

/**
 * Texts of examples, with Heed's answers. Of a text that is written on, the beginning.
 *
 * @param sampling of a program that draws
 * @throws HeedError INVALID_ARGUMENT where there are no examples
 */
export async function answered(
  { task, model, calibration }: Pick<OpenModel, 'task' | 'model' | 'calibration'>,
  examples: readonly unknown[],
  sampling: ReturnType<typeof samplingOf> | undefined,
): Promise<{ text: string; expected: string }[]> {
  if (examples.length === 0) throw new HeedError('INVALID_ARGUMENT', { message: '--check: the test split is empty' });
  // The boundary comes first.
  const most = sampling === undefined ? Infinity : BEGINNING - 1;
  const texts = examples.map((example) => Array.from(task.write(example)).slice(0, most).join(''));
  const inputs = texts.map((text) => task.parse(text));
  const outputs = calibration?.outputs;
  const answers = await task.answer(model, inputs, { ...(sampling && { sampling }), ...(outputs && { outputs }) });
  return texts.map((text, n) => ({ text, expected: answers[n].output }));
}
