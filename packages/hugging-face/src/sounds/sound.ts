import { HeedError, firstNotFinite, show } from '@heed/base';

/** A sound: samples of each channel, from -1 to 1, as Web Audio's `AudioBuffer` has them. */
export interface Sound {
  /** Samples a second. */
  readonly sampleRate: number;
  readonly channels: readonly ArrayLike<number>[];
}

/** The fastest that is recorded; a hostile rate must not make a sound of any length. */
const HIGHEST_RATE = 768_000;

export const isRate = (rate: number): boolean => Number.isFinite(rate) && rate >= 1 && rate <= HIGHEST_RATE;

/**
 * The mean of a sound's channels.
 *
 * @throws HeedError INVALID_ARGUMENT for what is no sound, SHAPE_MISMATCH for channels of several lengths, NOT_FINITE
 */
export function monoOf(sound: Sound): Float32Array {
  const { sampleRate, channels } = (sound ?? {}) as Partial<Sound>;
  const isSound = Array.isArray(channels) && channels.length > 0 && isRate(Number(sampleRate));
  if (!isSound || channels.some((channel) => typeof channel?.length !== 'number')) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `a sound is ${show(sound)}`,
      hint: `{ sampleRate, channels }, of 1 to ${HIGHEST_RATE} samples a second, as decodeWav gives`,
    });
  }
  const { length } = channels[0]!;
  if (length === 0 || channels.some((channel) => channel.length !== length)) {
    throw new HeedError('SHAPE_MISMATCH', {
      message: `the channels of a sound have ${channels.map((channel) => channel.length).join(', ')} samples`,
      hint: 'as many in each, and at least one',
    });
  }
  const mono = Float32Array.from(
    { length },
    (_, n) => channels.reduce((sum, channel) => sum + channel[n]!, 0) / channels.length,
  );
  const at = firstNotFinite(mono);
  if (at < 0) return mono;
  throw new HeedError('NOT_FINITE', { message: `sample ${at} of a sound is ${mono[at]}`, details: { index: at } });
}
