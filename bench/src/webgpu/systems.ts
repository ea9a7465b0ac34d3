import { wasm } from '@heed/backend-wasm';
import { webgl } from '@heed/backend-webgl';
import { webgpu } from '@heed/backend-webgpu';
import { composed, selectBackend, type BackendFactory } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import { inputs } from '../computations.js';
import type { Contender } from '../contest.js';
import { contender } from '../in-page/contender.js';
import { reselect } from '../reselect.js';
import { COMPOSED, HEED, ORT, type System, type WebgpuCase } from './cases.js';
import { onnxRuntime } from './onnx-runtime.js';

/** What a system is in use by: a backend, of which there is one in each page. */
const ENTER: Readonly<Record<Exclude<System, typeof ORT>, () => Promise<void>>> = {
  [HEED]: once(webgpu({ software: true })),
  [COMPOSED[0]]: withoutKernels,
  [COMPOSED[1]]: withoutKernels,
  'heed-webgl': once(webgl()),
  'heed-wasm': once(wasm({ threads: 1 })),
};

/** Opens a case's systems, in their order. */
export async function openSystems({ systems, shapes, fused, composed: plain }: WebgpuCase): Promise<Contender[]> {
  await ENTER[HEED](); // which starts the engine that composed ops take
  const given = inputs(shapes);
  const contenders: Contender[] = [];
  for (const name of systems) {
    if (name === ORT) {
      contenders.push({ name, run: await onnxRuntime(given) });
      continue;
    }
    await ENTER[name]();
    const tensors = given.map(({ shape, values }) => tf.tensor(values, [...shape]));
    contenders.push(contender(name, ENTER[name], tensors, name === COMPOSED[1] ? plain : fused));
  }
  return contenders;
}

function once(factory: BackendFactory): () => Promise<void> {
  let made: Promise<BackendFactory> | undefined;
  return async () => void (await selectBackend(await (made ??= factory.create().then(reselect))));
}

async function withoutKernels(): Promise<void> {
  await selectBackend(composed({ engine: 'webgpu' }));
}
