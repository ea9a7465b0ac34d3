/// <reference lib="dom" />
import * as tf from '@tensorflow/tfjs-core';
import { contest, type Contender, type Standing } from '../contest.js';
import { Disagreement } from '../timing.js';

/** Functions of a page for the process that opened it. Each page is asked once, so that nothing has been compiled before. */
export interface Page {
  /** Standings of the systems, or a text that says how they disagree, since an error can't leave a page as such. */
  contest(caseName: string, rounds: number): Promise<readonly Standing[] | string>;
  /** Time of a system's first run in milliseconds, in which its shaders are compiled. */
  firstUse(caseName: string, system: number): Promise<number>;
  /** Name of what draws or computes. */
  renderer(): Promise<string>;
}

/** @param systemsOf  opens a case's systems */
export function answers(
  systemsOf: (caseName: string) => Promise<readonly Contender[]>,
  renderer: Page['renderer'],
): Page {
  return {
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
    renderer,
  };
}
