/// <reference lib="dom" />
import '@tensorflow/tfjs-core/dist/register_all_gradients.js'; // gradients of TensorFlow.js's own ops
import '@tensorflow/tfjs-backend-webgl';
import { answers } from '../in-page/answers.js';
import { CASES } from './cases.js';
import { openSystems } from './systems.js';

const systemsOf = (caseName: string) => openSystems(CASES.find(({ name }) => name === caseName)!);

async function renderer(): Promise<string> {
  const gl = document.createElement('canvas').getContext('webgl2')!;
  const names = gl.getExtension('WEBGL_debug_renderer_info');
  return String(gl.getParameter(names?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER));
}

Object.assign(globalThis, { page: answers(systemsOf, renderer) });
