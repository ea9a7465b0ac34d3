import { expect, it } from 'vitest';
import { decodeWav } from './wav.js';

interface Written {
  readonly kind?: number;
  readonly bits?: number;
  readonly channels?: number;
  readonly rate?: number;
  /** Instead of the length of the samples. */
  readonly length?: number;
  readonly isExtensible?: boolean;
  readonly samples: readonly number[];
}

/** A WAV file, with a part before its samples that nobody knows. */
function wav({ kind = 1, bits = 16, channels = 1, rate = 8000, length, isExtensible, samples }: Written): Uint8Array {
  const format = isExtensible === true ? 40 : 16;
  const size = (samples.length * bits) / 8;
  const view = new DataView(new ArrayBuffer(12 + 8 + format + 8 + 4 + 8 + size));
  const tag = (at: number, text: string): void => {
    for (const [n, character] of [...text].entries()) view.setUint8(at + n, character.charCodeAt(0));
  };
  tag(0, 'RIFF');
  view.setUint32(4, view.byteLength - 8, true);
  tag(8, 'WAVE');
  tag(12, 'fmt ');
  view.setUint32(16, format, true);
  view.setUint16(20, isExtensible === true ? 0xff_fe : kind, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, (rate * channels * bits) / 8, true);
  view.setUint16(32, (channels * bits) / 8, true);
  view.setUint16(34, bits, true);
  if (isExtensible === true) view.setUint16(20 + 24, kind, true);
  let at = 20 + format;
  tag(at, 'LIST');
  // Of an odd length, so that a byte follows that belongs to nothing.
  view.setUint32(at + 4, 3, true);
  at += 12;
  tag(at, 'data');
  view.setUint32(at + 4, length ?? size, true);
  for (const [n, sample] of samples.entries()) write(view, at + 8 + (n * bits) / 8, kind, bits, sample);
  return new Uint8Array(view.buffer);
}

function write(view: DataView, at: number, kind: number, bits: number, sample: number): void {
  if (kind === 3) {
    if (bits === 32) view.setFloat32(at, sample, true);
    else view.setFloat64(at, sample, true);
    return;
  }
  const scaled = sample * 2 ** (bits - 1);
  if (bits === 8) view.setUint8(at, scaled + 128);
  else
    for (let byte = 0; byte < bits / 8; byte++) view.setUint8(at + byte, Math.floor(scaled / 2 ** (8 * byte)) & 0xff);
}

const SAMPLES = [0, 0.5, -0.5, -1, 0.25, -0.75];

it.each([
  [1, 8],
  [1, 16],
  [1, 24],
  [1, 32],
  [3, 32],
  [3, 64],
])('reads samples of format %i and %i bits', (kind, bits) => {
  expect(Array.from(decodeWav(wav({ kind, bits, samples: SAMPLES })).channels[0]!)).toEqual(SAMPLES);
});

it('reads channels that are interleaved, extended formats, and files whose writer didn’t know their length', () => {
  const file = wav({ channels: 2, rate: 44_100, isExtensible: true, length: 0xff_ff_ff_ff, samples: SAMPLES });
  const { sampleRate, channels } = decodeWav(file);
  expect([sampleRate, ...channels.map((channel) => Array.from(channel))]).toEqual([
    44_100,
    [0, -0.5, 0.25],
    [0.5, -1, -0.75],
  ]);
});

const whole = wav({ samples: SAMPLES });

it.each([
  ['no bytes', new Uint8Array(0), /no RIFF header/],
  ['another file', new TextEncoder().encode('{"architectures": []}'), /no RIFF header/],
  ['a file that is cut off', whole.subarray(0, -3), /says that data has 12 bytes, and ends after 9/],
  ['a file without samples', whole.subarray(0, 36), /no samples/],
  ['a file of no samples', wav({ samples: [] }), /no samples/],
  ['compressed samples', wav({ kind: 2, samples: SAMPLES }), /16 bits in format 2.*pcm_s16le/s],
  ['no channels', wav({ channels: 0, samples: SAMPLES }), /0 channels/],
  ['no rate', wav({ rate: 0, samples: SAMPLES }), /0 samples a second/],
  ['a length past the end', wav({ length: 2 ** 31, samples: SAMPLES }), /2147483648 bytes/],
])('%s is refused', (_, bytes, message) => {
  expect(() => decodeWav(bytes)).toThrow(
    expect.objectContaining({ code: 'FILE_INVALID', message: expect.stringMatching(message) as string }),
  );
});
