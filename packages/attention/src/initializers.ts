import { uniformAt } from '@heed/base';

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
  const draw = numbersOf(source);
  return Float32Array.from({ length: fanIn * fanOut }, (_, n) => (2 * draw(n) - 1) * limit);
};

/** Normal with variance 2 / (fan in + fan out), eq. 12 of the same paper. */
export const glorotNormal: KernelInitializer = ([fanIn, fanOut], source) =>
  normal(fanIn * fanOut, Math.sqrt(2 / (fanIn + fanOut)), source);

/** Normal with mean 0. */
export function normal(size: number, deviation: number, source: RandomSource): Float32Array {
  const draw = numbersOf(source);
  // Box & Muller 1958: two uniform numbers give one normal one here; the second is not worth the bookkeeping.
  return Float32Array.from(
    { length: size },
    (_, n) => deviation * Math.sqrt(-2 * Math.log(draw(2 * n))) * Math.cos(2 * Math.PI * draw(2 * n + 1)),
  );
}

const numbersOf = ({ seed, stream }: RandomSource): ((n: number) => number) =>
  uniformAt({ seed, stream: 'parameters', name: stream });
