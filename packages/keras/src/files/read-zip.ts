import { Inflate } from 'fflate';
import { crc32 } from './crc32.js';
import { guarded, invalid, tooLarge } from './invalid.js';

const PARTS = ['config.json', 'metadata.json', 'model.weights.h5'] as const;
type Part = (typeof PARTS)[number];

/** Entries of a `.keras` file by their names. */
export type KerasEntries = Readonly<Partial<Record<Part, Uint8Array>>>;

/**
 * Entries of a `.keras` file that Keras needs; others are never unpacked. What an entry unpacks to is held against what the directory says
 * while it is unpacked, and against its check sum afterwards.
 *
 * @throws HeedError FILE_INVALID, FILE_TOO_LARGE for what its directory says or what comes out of it
 */
export function readZip(bytes: Uint8Array, maxBytes: number): KerasEntries {
  const found: Partial<Record<Part, Uint8Array>> = {};
  let total = 0;
  for (const entry of readDirectory(bytes)) {
    const name = PARTS.find((part) => part === entry.name);
    if (name === undefined) continue;
    if (found[name] !== undefined) throw invalid(`the zip archive has ${name} twice`);
    total += entry.size;
    if (total > maxBytes) {
      throw tooLarge(`with ${name} the archive unpacks to ${total} bytes, and ${maxBytes} are allowed`, {
        name,
        total,
        maxBytes,
      });
    }
    found[name] = readEntry(bytes, entry);
  }
  return found;
}

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  /** Where its own header begins. */
  readonly at: number;
}

const END = 0x06054b50;
const END_BYTES = 22;
const CENTRAL = 0x02014b50;
const CENTRAL_BYTES = 46;
const LOCAL = 0x04034b50;
const LOCAL_BYTES = 30;
// A comment of the most bytes may follow the end's record.
const LONGEST_COMMENT = 0xffff;
// Keras writes three, and some for the assets of its layers.
const MOST_ENTRIES = 10_000;
const BY_64 = 0xffffffff;

/** The archive's directory, at its end. APPNOTE 4.3. */
function readDirectory(bytes: Uint8Array): Entry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - END_BYTES;
  while (end >= 0 && end >= bytes.length - END_BYTES - LONGEST_COMMENT && view.getUint32(end, true) !== END) end--;
  if (end < 0 || view.getUint32(end, true) !== END) {
    throw invalid('the zip archive has no directory', 'the file may be cut off');
  }
  const count = view.getUint16(end + 10, true);
  if (count > MOST_ENTRIES) throw invalid(`the zip archive has ${count} entries, more than ${MOST_ENTRIES}`);
  let at = view.getUint32(end + 16, true);
  return guarded('the zip archive', () =>
    Array.from({ length: count }, () => {
      if (view.getUint32(at, true) !== CENTRAL) throw invalid(`the zip archive's directory is damaged at byte ${at}`);
      const [name, extra, comment] = [28, 30, 32].map((field) => view.getUint16(at + field, true)) as [
        number,
        number,
        number,
      ];
      const entry = {
        name: new TextDecoder().decode(bytes.subarray(at + CENTRAL_BYTES, at + CENTRAL_BYTES + name)),
        method: view.getUint16(at + 10, true),
        crc: view.getUint32(at + 16, true),
        packed: view.getUint32(at + 20, true),
        size: view.getUint32(at + 24, true),
        at: view.getUint32(at + 42, true),
      };
      if ([entry.packed, entry.size, entry.at].includes(BY_64)) {
        throw invalid(
          `the zip archive says the sizes of ${JSON.stringify(entry.name.slice(0, 80))} in 64 bits, which isn't read here`,
        );
      }
      at += CENTRAL_BYTES + name + extra + comment;
      return entry;
    }),
  );
}

const STORED = 0;
const DEFLATED = 8;
// Deflate can't do better.
const BEST_RATIO = 1032;

function readEntry(bytes: Uint8Array, { name, method, crc, packed, size, at }: Entry): Uint8Array {
  const data = guarded(name, () => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (view.getUint32(at, true) !== LOCAL) throw invalid(`the zip archive has no entry ${name} at byte ${at}`);
    const start = at + LOCAL_BYTES + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
    if (start + packed > bytes.length) throw invalid(`the zip archive ends before ${name} does`);
    return bytes.subarray(start, start + packed);
  });
  if (size > packed * BEST_RATIO + 64) {
    throw invalid(`the zip archive says that ${name} has ${size} bytes, which ${packed} packed bytes can't hold`);
  }
  if (method !== STORED && method !== DEFLATED)
    throw invalid(`${name} is packed by method ${method}, which isn't read here`);
  const unpacked = method === STORED ? data : inflated(name, data, size);
  if (unpacked.length !== size) throw invalid(`${name} has ${unpacked.length} bytes, and the zip archive says ${size}`);
  if (crc32(unpacked) !== crc) throw invalid(`${name} is damaged: its check sum is not that of the zip archive`);
  return unpacked;
}

// Small enough that what one piece unpacks to is small, too.
const PIECE_BYTES = 2 ** 16;

function inflated(name: string, data: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size);
  let at = 0;
  const inflate = new Inflate((piece) => {
    if (at + piece.length > size)
      throw invalid(`${name} unpacks to more than the ${size} bytes that the zip archive says`);
    out.set(piece, at);
    at += piece.length;
  });
  guarded(name, () => {
    for (let start = 0; start < data.length; start += PIECE_BYTES) {
      const last = start + PIECE_BYTES >= data.length;
      inflate.push(data.subarray(start, start + PIECE_BYTES), last);
    }
  });
  return out.subarray(0, at);
}
