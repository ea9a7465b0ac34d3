import { SIZES } from './layout.js';

/**
 * Position signal, which is added to the vectors of a sentence's pieces: sin(p·f_i) for all frequencies f_i, then cos(p·f_i). The
 * model's file has the frequencies, 10000^(−i/127). The paper alternates sines and cosines, and has 128 instead of 127, as
 * `sinusoidal` of @heed/attention does.
 *
 * @returns [128, 256], row-major
 * @see Vaswani et al. 2017, arXiv:1706.03762, §3.5
 */
export function timingSignal(frequencies: Float32Array): Float32Array {
  const { longest, embeddingWidth } = SIZES;
  const half = frequencies.length;
  const signal = new Float32Array(longest * embeddingWidth);
  for (let p = 0; p < longest; p++) {
    for (let i = 0; i < half; i++) {
      // Rounded like the original: at position 100, float32 gives the angle to 4e-6.
      const angle = Math.fround(p * frequencies[i]);
      signal[p * embeddingWidth + i] = Math.sin(angle);
      signal[p * embeddingWidth + half + i] = Math.cos(angle);
    }
  }
  return signal;
}
