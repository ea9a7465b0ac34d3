import { melFilters } from './mel-filters.js';
import { powerSpectrum } from './power-spectrum.js';

export interface LogMelOptions {
  /** Number of mel bands. */
  readonly bands: number;
  /** Samples of a frame, and between the beginnings of two. */
  readonly frameLength: number;
  readonly hop: number;
  /** Samples a second. */
  readonly sampleRate: number;
}

/** Least energy of a band, and how far below the loudest the quietest may lie, in powers of ten: Whisper's. */
const FLOOR = 1e-10;
const RANGE = 8;

/**
 * Whisper's spectrogram of samples: log₁₀ of the energy in mel bands, at most 8 below the greatest, then plus 4 and over 4. Frames are
 * centred on every `hop`-th sample, the sound's ends being mirrored, and weighted by a periodic Hann window; the last is left out.
 *
 * @returns [bands, frames], row-major; ⌊length / hop⌋ frames where their length is even
 * @see Radford et al. 2022, arXiv:2212.04356, §2.2; WhisperFeatureExtractor of transformers
 */
export function logMel(samples: Float32Array, { bands, frameLength, hop, sampleRate }: LogMelOptions): Float32Array {
  const before = Math.floor(frameLength / 2);
  const frames = frameCount(samples.length, frameLength, hop);
  const filters = melFilters(bands, frameLength, sampleRate);
  const spectrum = powerSpectrum(frameLength);
  const frame = new Float64Array(frameLength);
  const logs = new Float32Array(bands * frames);
  let greatest = Number.NEGATIVE_INFINITY;
  for (let t = 0; t < frames; t++) {
    const start = t * hop - before;
    for (let n = 0; n < frameLength; n++) {
      frame[n] =
        samples[mirrored(start + n, samples.length)]! * (0.5 - 0.5 * Math.cos((2 * Math.PI * n) / frameLength));
    }
    const powers = spectrum(frame);
    for (const [band, { from, weights }] of filters.entries()) {
      let energy = 0;
      for (let n = 0; n < weights.length; n++) energy += weights[n]! * powers[from + n]!;
      const log = Math.log10(Math.max(energy, FLOOR));
      logs[band * frames + t] = log;
      if (log > greatest) greatest = log;
    }
  }
  return logs.map((log) => (Math.max(log, greatest - RANGE) + 4) / 4);
}

/** How many frames there are of so many samples. */
export const frameCount = (length: number, frameLength: number, hop: number): number =>
  Math.floor((length - (frameLength % 2)) / hop);

/** A place past an end, seen in a mirror that stands on the last sample. */
function mirrored(at: number, length: number): number {
  const inside = Math.abs(at);
  return inside < length ? inside : 2 * (length - 1) - inside;
}
