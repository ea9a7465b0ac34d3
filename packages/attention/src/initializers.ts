import { philox4x32 } from '@heed/core';

/**
 * Random parameters that are the same on every engine and machine: number n depends on the seed, the stream and n alone.
 * The stream keeps parameters of one seed apart; a parameter's own key will do.
 */
export interface RandomSource {
  /** An integer in [0, 2⁵³). */
  readonly seed: number;
  readonly stream: string;
}

/** Values of a kernel of shape [fan in, fan out], row-major. */
export type KernelInitializer = (shape: readonly [number, number], source: RandomSource) => Float32Array;

/**
 * Uniform in ±√(6 / (fan in + fan out)). Uses exactly rounded operations only, so it is the same to the bit everywhere.
 *
 * @see Glorot & Bengio 2010, "Understanding the difficulty of training deep feedforward neural networks", eq. 16
 */
export const glorotUniform: KernelInitializer = ([fanIn, fanOut], source) => {
  const limit = Math.sqrt(6 / (fanIn + fanOut));
  const draw = uniform(source);
  return Float32Array.from({ length: fanIn * fanOut }, (_, n) => (2 * draw(n) - 1) * limit);
};

/** Normal with variance 2 / (fan in + fan out), eq. 12 of the same paper. */
export const glorotNormal: KernelInitializer = ([fanIn, fanOut], source) => {
  const deviation = Math.sqrt(2 / (fanIn + fanOut));
  const draw = uniform(source);
  // Box & Muller 1958: two uniform numbers give one normal one here; the second is not worth the bookkeeping.
  return Float32Array.from(
    { length: fanIn * fanOut },
    (_, n) => deviation * Math.sqrt(-2 * Math.log(draw(2 * n))) * Math.cos(2 * Math.PI * draw(2 * n + 1)),
  );
};

const TWO_32 = 2 ** 32;
// The last counter word; dropout's is 0, so the two never share numbers.
const INITIALIZER_DOMAIN = 1;

/** Number n of the stream, in (0, 1). */
function uniform({ seed, stream }: RandomSource): (n: number) => number {
  const key = [seed % TWO_32, Math.floor(seed / TWO_32)] as const;
  const hash = fnv1a(stream);
  let block = -1;
  let words: readonly number[] = [];
  return (n) => {
    if (n >>> 2 !== block) {
      block = n >>> 2;
      words = philox4x32([block, 0, hash, INITIALIZER_DOMAIN], key);
    }
    return (words[n & 3] + 0.5) / TWO_32;
  };
}

/** The 32-bit FNV-1a hash of the UTF-16 code units. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
