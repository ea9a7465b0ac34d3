import '@tensorflow/tfjs-core/dist/register_all_gradients.js'; // gradients of TensorFlow.js's own ops
import { webgpu } from '@heed/backend-webgpu';
import { answers } from '../in-page/answers.js';
import { CASES } from './cases.js';
import { openSystems } from './systems.js';

const systemsOf = (caseName: string) => openSystems(CASES.find(({ name }) => name === caseName)!);

async function renderer(): Promise<string> {
  const { capabilities } = await webgpu({ software: true }).create();
  return `WebGPU ${capabilities.notes[0]}`;
}

Object.assign(globalThis, { page: answers(systemsOf, renderer) });
