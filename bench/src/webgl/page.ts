/// <reference lib="dom" />
import '@tensorflow/tfjs-core/dist/register_all_gradients.js'; // gradients of TensorFlow.js's own ops
import '@tensorflow/tfjs-backend-webgl';
import * as tf from '@tensorflow/tfjs-core';
import { contest, type Standing } from '../contest.js';
import { Disagreement } from '../timing.js';
import { CASES } from './cases.js';
import { openSystems } from './systems.js';

/** Functions of a page for the process that opened it. Each page is asked once, so that nothing has been compiled before. */
export interface Page {
  /** Standings of the systems, or a text that says how they disagree, since an error can't leave a page as such. */
  contest(caseName: string, rounds: number): Promise<readonly Standing[] | string>;
  /** Time of a system's first run in milliseconds, in which its shaders are compiled. */
  firstUse(caseName: string, system: number): Promise<number>;
  /** Name of the WebGL renderer. */
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
    await tf.tidy(() => tf.addN([tf.ones([2]), tf.ones([2])])).data(); // starts the engine, whose own start isn't timed
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
