import { Waiting } from '@heed/core';
import { Steps, type DecoderParts } from './steps.js';

/** Caches that are larger don't wait for the next continuation. */
const MOST_WAITING_BYTES = 2 ** 25;

/** Steps of a decoder, of which those that were used wait for the next continuation of as many sequences. */
export interface Decoder {
  take(batch: number): Steps;
  give(steps: Steps): void;
  dispose(): void;
}

export function createDecoder(parts: DecoderParts): Decoder {
  const waiting = new Waiting<Steps>();
  return {
    take: (batch) => waiting.take((steps) => steps.batch === batch) ?? new Steps(parts, batch),
    give: (steps) =>
      waiting.give(steps, () => {
        steps.cache.restart();
        return steps.cache.bytes <= MOST_WAITING_BYTES;
      }),
    dispose: () => waiting.dispose(),
  };
}
