import { readFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import { uniformAt } from '@heed/base';

/** CRC-32 of PNG's chunks (ISO 3309), bit by bit. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

function chunk(name: string, data: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const whole = Buffer.alloc(named.length + 8);
  whole.writeUInt32BE(data.length);
  named.copy(whole, 4);
  whole.writeUInt32BE(crc32(named), named.length + 4);
  return whole;
}

/** A PNG in RGB of random patches, other ones for each number. */
export function patchesPng(n: number, [width, height] = [20, 10], extra: readonly Buffer[] = []): Buffer {
  const random = uniformAt({ seed: n, stream: 'inputs', name: 'patches' });
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8);
  // A byte before each row says that it isn't filtered.
  const rows = Buffer.concat(
    Array.from({ length: height }, (_, y) =>
      Buffer.from([0, ...Array.from({ length: width * 3 }, (_, at) => patchAt(Math.floor(at / 3), y, at % 3))]),
    ),
  );
  function patchAt(x: number, y: number, channel: number): number {
    return 255 * random((Math.floor((x * 5) / width) * 5 + Math.floor((y * 5) / height)) * 3 + channel);
  }
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1A\n', 'latin1'),
    chunk('IHDR', header),
    ...extra,
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A PNG whose header says so many pixels on a side. */
function sized(side: number): Buffer {
  const bytes = patchesPng(1);
  bytes.writeUInt32BE(side, 16);
  bytes.writeUInt32BE(side, 20);
  bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29);
  return bytes;
}

const { files } = JSON.parse(
  readFileSync(new URL('../../../vectors/pictures/pictures.json', import.meta.url), 'utf8'),
) as { files: { name: string; file: string }[] };

/** A JPEG that Pillow wrote. */
const jpeg = Buffer.from(files.find(({ name }) => name === 'JPEG')!.file, 'base64');

/** A JPEG with four colours in its frame, one more than it has. */
function cmyk(): Buffer {
  const at = jpeg.findIndex((byte, n) => byte === 0xff && jpeg[n + 1] === 0xc0);
  const length = jpeg.readUInt16BE(at + 2);
  const frame = Buffer.concat([jpeg.subarray(at, at + 2 + length), Buffer.from([4, 0x11, 0])]);
  frame.writeUInt16BE(length + 3, 2);
  frame[9] = 4;
  return Buffer.concat([jpeg.subarray(0, at), frame, jpeg.subarray(at + 2 + length)]);
}

/** The beginning of a WebP file whose header says that it moves. */
function movingWebp(): Buffer {
  const body = Buffer.from('WEBPVP8X\x0A\0\0\0\x02\0\0\0\x07\0\0\x07\0\0ANIM\x06\0\0\0\0\0\0\0\0\0', 'latin1');
  const head = Buffer.from('RIFF\0\0\0\0', 'latin1');
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body]);
}

/** Files that are no picture, or none that is read: name, bytes, code, and what the error says. */
export const BAD_PICTURES: readonly (readonly [name: string, bytes: Buffer, code: string, says: RegExp])[] = [
  ['empty.png', Buffer.alloc(0), 'FILE_INVALID', /is empty|no picture/],
  ['text.png', Buffer.from('no picture at all'), 'FILE_INVALID', /no picture of a known kind/],
  ['cut.png', patchesPng(1).subarray(0, 60), 'FILE_INVALID', /ends too early/],
  ['cut.jpg', jpeg.subarray(0, 100), 'FILE_INVALID', /ends too early/],
  ['lying.png', sized(8), 'FILE_INVALID', /more pixels than its header says/],
  ['large.png', sized(20_000), 'FILE_TOO_LARGE', /20000 by 20000/],
  ['moving.png', patchesPng(1, [4, 4], [chunk('acTL', Buffer.alloc(8))]), 'FILE_INVALID', /animation/],
  ['moving.webp', movingWebp(), 'FILE_INVALID', /animation/],
  ['moving.gif.png', Buffer.from('GIF89a\x02\0\x02\0\0\0\0', 'latin1'), 'FILE_INVALID', /GIF/],
  ['cmyk.jpg', cmyk(), 'FILE_INVALID', /CMYK/],
];
