import { expect, it } from 'vitest';
import { bytesOf, difference, frontEnds } from '../../test/vectors.js';
import { logMel } from './log-mel.js';
import { resample } from './resample.js';
import { monoOf } from './sound.js';

interface Spectrograms {
  readonly cases: readonly {
    readonly n_fft: number;
    readonly hop_length: number;
    readonly feature_size: number;
    readonly features: string;
  }[];
}

const RATE = 16_000;

it.each(frontEnds<Spectrograms>('sounds.json').cases)(
  'the log-mel spectrogram of $feature_size bands and frames of $n_fft is NumPy’s',
  ({ n_fft: frameLength, hop_length: hop, feature_size: bands, features }) => {
    const samples = new Float32Array(RATE);
    for (let n = 0; n < 4000; n++) {
      const t = (2 * Math.PI * n) / RATE;
      samples[n] = 0.4 * Math.sin(440 * t) + 0.2 * Math.sin((900 + 0.4 * n) * t);
    }
    const wanted = new Float32Array(bytesOf(features).buffer);
    expect(difference(logMel(samples, { bands, frameLength, hop, sampleRate: RATE }), wanted)).toBeLessThan(1e-6);
  },
);

const tone = (hertz: number, rate: number, length: number): Float32Array =>
  Float32Array.from({ length }, (_, n) => Math.sin((2 * Math.PI * hertz * n) / rate));

it.each([
  [44_100, 16_000],
  [8000, 16_000],
  [22_051, 16_000],
  [48_000, 16_000],
])('a tone of %i samples a second is the same tone at %i', (from, to) => {
  const wanted = tone(1000, to, to / 4);
  const found = resample(tone(1000, from, Math.round(from / 4)), from, to);
  expect(found.length).toBe(Math.ceil((Math.round(from / 4) * to) / from));
  // Past the ends there is silence, which a filter sees from near them.
  const inside = [0.25 * to * 0.25, 0.75 * to * 0.25] as const;
  expect(difference(found.slice(...inside), wanted.slice(...inside))).toBeLessThan(1e-5);
});

it('tones that the new rate has no place for are silenced', () => {
  const found = resample(tone(10_000, 48_000, 12_000), 48_000, 16_000);
  expect(Math.max(...found.slice(1000, 3000))).toBeLessThan(1e-4);
});

it('channels are mixed to their mean', () => {
  expect(Array.from(monoOf({ sampleRate: 8000, channels: [[1, 0.5], new Float32Array([0, -0.5])] }))).toEqual([0.5, 0]);
});

it.each([
  ['nothing', undefined, 'INVALID_ARGUMENT'],
  ['no channels', { sampleRate: 8000, channels: [] }, 'INVALID_ARGUMENT'],
  ['no rate', { channels: [[1]] }, 'INVALID_ARGUMENT'],
  ['a rate that is none', { sampleRate: Number.NaN, channels: [[1]] }, 'INVALID_ARGUMENT'],
  ['a channel that is none', { sampleRate: 8000, channels: [7] }, 'INVALID_ARGUMENT'],
  ['no samples', { sampleRate: 8000, channels: [[]] }, 'SHAPE_MISMATCH'],
  ['channels of two lengths', { sampleRate: 8000, channels: [[1], [1, 2]] }, 'SHAPE_MISMATCH'],
  ['a sample that is no number', { sampleRate: 8000, channels: [[0, Number.NaN]] }, 'NOT_FINITE'],
])('%s is refused as a sound', (_, sound, code) => {
  expect(() => monoOf(sound as never)).toThrow(expect.objectContaining({ code }));
});
