import { createMechanism } from '@heed/attention';
import * as tf from '@tensorflow/tfjs-core';
import { numberIn, type Mapping } from '../mapping.js';
import type { VectorCase } from '../vector-case.js';
import { checkKnown, flagIn, mapHeads } from './heads.js';

/** First positions and a window of the last ones, with positions of the cache when rotary turns them. */
export const mapStreamingSinks: Mapping = (test) => {
  checkKnown(test, ['sinks', 'window', 'rotary', 'base', 'causal']);
  const streaming = { sinks: numberIn(test, 'sinks'), window: numberIn(test, 'window') };
  const { window: _, ...options } = test.options;
  const mapped = mapHeads(
    { ...test, options },
    { options: { streaming, ...(flagIn(test, 'rotary') && { rotary: { base: numberIn(test, 'base') } }) } },
  );
  return { ...mapped, numbers: { cache: heldAtEachStep(test, streaming) } };
};

/** What a memory that grows one position at a time holds after each of them, −1 where it has room left: [T, sinks + window]. */
function heldAtEachStep(test: VectorCase, streaming: { sinks: number; window: number }): number[] {
  const config = { kind: 'multiHead', queryWidth: 1, memoryWidth: 1, heads: 1, seed: 0, streaming };
  const mechanism = createMechanism(config);
  const slots = streaming.sinks + streaming.window;
  const rows = tf.tidy(() => {
    const memory = mechanism.prepare(tf.zeros([1, 0, 1]));
    return Array.from({ length: numberIn(test, 'queries') }, () => {
      const held = memory.append(tf.zeros([1, 1, 1])).held;
      return Array.from({ length: slots }, (_, n) => held[n] ?? -1);
    });
  });
  mechanism.dispose();
  return rows.flat();
}
