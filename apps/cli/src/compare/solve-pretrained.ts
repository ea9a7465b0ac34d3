import { take, type Numbers } from '@heed/conformance';
import { loadPretrained, type Family } from '@heed/hugging-face';
import * as tf from '@tensorflow/tfjs-core';
import type { PretrainedWork } from './problem.js';

/**
 * Everything that a pretrained model gives for its inputs.
 *
 * @param nudge share by which every parameter is off, up and down in turn
 */
export async function solvePretrained(
  { files, inputs }: PretrainedWork,
  families: readonly Family[],
  nudge = 0,
): Promise<Numbers> {
  const model = await loadPretrained(files, { families, trainable: nudge > 0 });
  try {
    for (const parameter of Object.values(model.parameters)) {
      if (!(parameter instanceof tf.Variable) || nudge === 0) continue;
      const values = Float32Array.from(parameter.dataSync(), (x, n) => x * (1 + (n % 2 === 0 ? nudge : -nudge)));
      tf.tidy(() => parameter.assign(tf.tensor(values, parameter.shape, 'float32')));
    }
    const outputs = Object.entries(model.run(inputs, { attentions: true, hiddenStates: true }));
    const named = outputs.flatMap(([name, output]: [string, tf.Tensor | readonly tf.Tensor[]]) =>
      output instanceof tf.Tensor
        ? [[name, output] as const]
        : output.map((tensor, layer) => [`${name}/${layer}`, tensor] as const),
    );
    return await take(Object.fromEntries(named));
  } finally {
    model.dispose();
  }
}
