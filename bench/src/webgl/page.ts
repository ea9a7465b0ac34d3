/// <reference lib="dom" />
import '@tensorflow/tfjs-core/dist/register_all_gradients.js'; // of TensorFlow.js's own ops
import '@tensorflow/tfjs-backend-webgl';
import * as tf from '@tensorflow/tfjs-core';
import { contest, type Standing } from '../contest.js';
import { Disagreement } from '../timing.js';
import { CASES } from './cases.js';
import { openSystems } from './systems.js';

/** What a page offers to the process that opened it, each once: a page has compiled nothing yet. */
export interface Page {
  /** The standings, or how systems disagree: what is thrown in a page comes out as a text. */
  contest(caseName: string, rounds: number): Promise<readonly Standing[] | string>;
  /** Milliseconds of a system's first run, in which its shaders are compiled. */
  firstUse(caseName: string, system: number): Promise<number>;
  /** Who draws. */
  renderer(): Promise<string>;
}

const systemsOf = (caseName: string) => openSystems(CASES.find(({ name }) => name === caseName)!);

const page: Page = {
  async contest(caseName, rounds) {
    try {
      return await contest(await systemsOf(caseName), rounds);
    } catch (error) {
      if (error instanceof Disagreement) return error.message;
      throw error;
    }
  },
  async firstUse(caseName, system) {
    const { enter, run } = (await systemsOf(caseName))[system];
    await enter?.();
    await tf.tidy(() => tf.addN([tf.ones([2]), tf.ones([2])])).data(); // what the engine's own start takes isn't the case's
    const start = performance.now();
    await run();
    return performance.now() - start;
  },
  async renderer() {
    const gl = document.createElement('canvas').getContext('webgl2')!;
    const names = gl.getExtension('WEBGL_debug_renderer_info');
    return String(gl.getParameter(names?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER));
  },
};
Object.assign(globalThis, { page });
