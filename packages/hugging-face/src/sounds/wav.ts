import { HeedError } from '@heed/base';
import { isRate, type Sound } from './sound.js';

/** Reads the sample at a byte. */
type ReadSample = (view: DataView, at: number) => number;

/** How samples are stored, by the format's number and the bits of a sample. */
const ENCODINGS: ReadonlyMap<string, ReadSample> = new Map<string, ReadSample>([
  ['1/8', (view, at) => (view.getUint8(at) - 2 ** 7) / 2 ** 7],
  ['1/16', (view, at) => view.getInt16(at, true) / 2 ** 15],
  ['1/24', (view, at) => (view.getUint16(at, true) + view.getInt8(at + 2) * 2 ** 16) / 2 ** 23],
  ['1/32', (view, at) => view.getInt32(at, true) / 2 ** 31],
  ['3/32', (view, at) => view.getFloat32(at, true)],
  ['3/64', (view, at) => view.getFloat64(at, true)],
]);

/** The format's number of files that say the rest of it further on. */
const EXTENSIBLE = 0xff_fe;
/** What programs that write to a pipe say of a length that they can't know. */
const UNKNOWN_LENGTH = 0xff_ff_ff_ff;

interface Format {
  readonly channelCount: number;
  readonly sampleRate: number;
  readonly bytesPerSample: number;
  readonly read: ReadSample;
}

/**
 * The sound of a WAV file, read as untrusted: integers of 8, 16, 24 or 32 bits, or floats of 32 or 64, of any rate and number of channels.
 *
 * @throws HeedError FILE_INVALID for what is no such file, is cut off, or holds no samples
 * @see https://learn.microsoft.com/windows/win32/api/mmreg/ns-mmreg-waveformatextensible
 */
export function decodeWav(bytes: Uint8Array): Sound {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || tagAt(view, 0) !== 'RIFF' || tagAt(view, 8) !== 'WAVE') {
    throw invalid('has no RIFF header of a WAVE');
  }
  let format: Format | undefined;
  for (let at = 12; at + 8 <= bytes.length;) {
    const [tag, length] = [tagAt(view, at), view.getUint32(at + 4, true)];
    const start = at + 8;
    const isData = tag === 'data';
    const size = isData && length === UNKNOWN_LENGTH ? bytes.length - start : length;
    if (start + size > bytes.length) {
      throw invalid(`says that ${tag.trim()} has ${size} bytes, and ends after ${bytes.length - start}`);
    }
    if (tag === 'fmt ') format = formatOf(new DataView(view.buffer, view.byteOffset + start, size));
    if (isData) {
      if (format === undefined) throw invalid('has samples before their format');
      return samplesOf(new DataView(view.buffer, view.byteOffset + start, size), format);
    }
    // Parts begin at even bytes.
    at = start + size + (size % 2);
  }
  throw invalid('has no samples');
}

const tagAt = (view: DataView, at: number): string =>
  String.fromCharCode(...[0, 1, 2, 3].map((n) => view.getUint8(at + n)));

function formatOf(view: DataView): Format {
  if (view.byteLength < 16) throw invalid('has a format of fewer than 16 bytes');
  const stated = view.getUint16(0, true);
  const isExtended = stated === EXTENSIBLE && view.byteLength >= 26;
  const kind = isExtended ? view.getUint16(24, true) : stated;
  const [channelCount, sampleRate] = [view.getUint16(2, true), view.getUint32(4, true)];
  const [bytesPerFrame, bits] = [view.getUint16(12, true), view.getUint16(14, true)];
  const read = ENCODINGS.get(`${kind}/${bits}`);
  if (read === undefined) {
    throw invalid(
      `has samples of ${bits} bits in format ${kind}`,
      'write it as PCM: ffmpeg -i FILE -c:a pcm_s16le NEW.wav',
    );
  }
  if (channelCount === 0 || !isRate(sampleRate) || bytesPerFrame !== (channelCount * bits) / 8) {
    throw invalid(
      `says ${channelCount} channels, ${sampleRate} samples a second, and ${bytesPerFrame} bytes for ${bits} bits of each channel`,
    );
  }
  return { channelCount, sampleRate, bytesPerSample: bits / 8, read };
}

function samplesOf(view: DataView, { channelCount, sampleRate, bytesPerSample, read }: Format): Sound {
  const length = Math.floor(view.byteLength / (channelCount * bytesPerSample));
  if (length === 0) throw invalid('has no samples');
  const channels = Array.from({ length: channelCount }, (_, channel) =>
    Float32Array.from({ length }, (_, n) => read(view, (n * channelCount + channel) * bytesPerSample)),
  );
  return { sampleRate, channels };
}

const invalid = (message: string, hint = 'a WAV file of integer or float samples'): HeedError =>
  new HeedError('FILE_INVALID', { message: `the WAV file ${message}`, hint });
