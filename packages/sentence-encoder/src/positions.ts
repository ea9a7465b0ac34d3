import { SIZES } from './layout.js';

/**
 * What is added to the vectors of a sentence's pieces, so that order counts: sin(p·f_i) for all frequencies f_i, then cos(p·f_i).
 * The file gives the frequencies, 10000^(−i/127). The paper of the transformer has sines and cosines by turns and 128 where this
 * has 127; `sinusoidal` of @heed/attention is that one.
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
      // Rounded as the original rounds it: at position 100, float32 has the angle to 4e-6.
      const angle = Math.fround(p * frequencies[i]);
      signal[p * embeddingWidth + i] = Math.sin(angle);
      signal[p * embeddingWidth + half + i] = Math.cos(angle);
    }
  }
  return signal;
}
