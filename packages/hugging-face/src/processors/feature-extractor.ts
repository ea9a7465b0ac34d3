import { HeedError } from '@heed/base';
import type { Config } from '../config.js';
import type { Inputs } from '../networks/network.js';
import { frameCount, logMel } from '../sounds/log-mel.js';
import { resample } from '../sounds/resample.js';
import { monoOf, type Sound } from '../sounds/sound.js';

/** Makes spectrograms of sounds. */
export type FeatureExtractor = (sounds: readonly Sound[]) => Required<Pick<Inputs, 'inputFeatures'>>;

/** Most that a configuration may ask for: some times what any model has. */
const MOST = { feature_size: 1024, n_fft: 2 ** 14, sampling_rate: 192_000, chunk_length: 600 };

/**
 * Whisper's feature extractor of a `preprocessor_config.json`: sounds as one channel at the model's rate, followed by silence to the length
 * that the model hears, as log-mel spectrograms [B, bands, frames].
 *
 * @throws HeedError CONFIG_INVALID; and of sounds, INVALID_ARGUMENT for what is none or is too long, SHAPE_MISMATCH, NOT_FINITE
 */
export function whisperFeatureExtractor(config: Config): {
  readonly audio: FeatureExtractor;
  readonly seconds: number;
} {
  const [bands, sampleRate] = [config.size('feature_size', 80), config.size('sampling_rate', 16_000)];
  const [frameLength, hop] = [config.size('n_fft', 400), config.size('hop_length', 160)];
  const seconds = config.size('chunk_length', 30);
  const silence = config.number('padding_value', 0);
  for (const [name, most] of Object.entries(MOST)) {
    if (config.has(name)) config.refuseUnless(config.size(name) <= most, name, `at most ${most}`);
  }
  config.refuseUnless(config.number('dither', 0) === 0, 'dither', '0, that is without noise,');
  const length = seconds * sampleRate;
  config.refuseUnless(frameLength > 1 && frameLength <= length, 'n_fft', `2 to ${length} samples, a chunk's,`);
  config.refuseUnless(hop <= length, 'hop_length', `at most ${length} samples, a chunk's,`);
  const frames = frameCount(length, frameLength, hop);

  const padded = (sound: Sound): Float32Array => {
    const samples = resample(monoOf(sound), sound.sampleRate, sampleRate);
    if (samples.length > length) throw tooLong(samples.length / sampleRate, seconds);
    const whole = new Float32Array(length).fill(silence);
    whole.set(samples);
    return whole;
  };
  const audio: FeatureExtractor = (sounds) => {
    const data = new Float32Array(sounds.length * bands * frames);
    for (const [n, samples] of sounds.map(padded).entries()) {
      data.set(logMel(samples, { bands, frameLength, hop, sampleRate }), n * bands * frames);
    }
    return { inputFeatures: { shape: [sounds.length, bands, frames], data } };
  };
  return { audio, seconds };
}

const tooLong = (lasts: number, seconds: number): HeedError =>
  new HeedError('INVALID_ARGUMENT', {
    message: `a sound lasts ${lasts.toFixed(1)} s, and the model hears ${seconds} s at once`,
    hint: 'cut it, and give the parts one after another',
    details: { lasts, seconds },
  });
