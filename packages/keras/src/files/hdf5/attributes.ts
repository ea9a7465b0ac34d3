import { invalidAt } from '../invalid.js';
import { decodeText, type ByteReader } from './byte-reader.js';
import { readDataspace, readDatatype, sizeOf } from './datatype.js';
import { MESSAGE, type Message } from './object-header.js';

/** Texts of attributes by name: one for a scalar, several for a list. Attributes of numbers are left out: no reader of Keras's needs one. */
export type Attributes = ReadonlyMap<string, string | readonly string[]>;

/** Text attributes of an object. */
export function readAttributes(file: ByteReader, messages: readonly Message[]): Attributes {
  const attributes = new Map<string, string | readonly string[]>();
  for (const { type, at } of messages) {
    if (type === MESSAGE.attributeInfo) checkNotDense(file, at);
    if (type !== MESSAGE.attribute) continue;
    const { name, valueAt, datatype, shape } = readParts(file, at);
    const count = sizeOf(`${file.name}: attribute ${name}`, shape);
    // Checked before anything is allocated for that many.
    const bytes = file.slice(valueAt, count * datatype.bytes);
    if (datatype.kind !== 'text' && datatype.kind !== 'heapText') continue;
    const texts = Array.from({ length: count }, (_, index) => {
      const start = index * datatype.bytes;
      if (datatype.kind === 'heapText') return readHeapText(file, valueAt + start);
      return trimmed(file, bytes.subarray(start, start + datatype.bytes));
    });
    attributes.set(name, shape.length === 0 ? texts[0]! : texts);
  }
  return attributes;
}

function readParts(file: ByteReader, at: number) {
  const version = file.u8(at);
  if (version < 1 || version > 3) throw invalidAt(file.name, `an attribute of version ${version}`);
  const [nameSize, datatypeSize, dataspaceSize] = [file.u16(at + 2), file.u16(at + 4), file.u16(at + 6)];
  const padded = (size: number): number => (version === 1 ? Math.ceil(size / 8) * 8 : size);
  const nameAt = at + (version === 3 ? 9 : 8);
  const datatypeAt = nameAt + padded(nameSize);
  const dataspaceAt = datatypeAt + padded(datatypeSize);
  return {
    name: file.text(nameAt, nameSize),
    datatype: readDatatype(file, datatypeAt),
    shape: readDataspace(file, dataspaceAt),
    valueAt: dataspaceAt + padded(dataspaceSize),
  };
}

/** A text in a global heap: its length, the heap's address, its number in the heap. Format specification, III.E. */
function readHeapText(file: ByteReader, at: number): string {
  const length = file.u32(at);
  const heap = file.u64(at + 4);
  const sought = file.u32(at + 12);
  if (length === 0) return '';
  file.expect(heap, 'GCOL');
  const end = heap + file.u64(heap + 8);
  for (let place = heap + 16; place + 16 <= end;) {
    const index = file.u16(place);
    const size = file.u64(place + 8);
    if (index === 0) break;
    if (index === sought) {
      if (length > size) throw invalidAt(file.name, `a text of ${length} bytes in a place of ${size}`);
      return trimmed(file, file.slice(place + 16, length));
    }
    place += 16 + Math.ceil(size / 8) * 8;
  }
  throw invalidAt(file.name, `no object ${sought} in the heap at byte ${heap}`);
}

function trimmed(file: ByteReader, bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return decodeText(file.name, end < 0 ? bytes : bytes.subarray(0, end));
}

function checkNotDense(file: ByteReader, at: number): void {
  const flags = file.u8(at + 1);
  if (file.u64(at + 2 + (flags & 1 ? 2 : 0)) < file.length) {
    throw invalidAt(
      file.name,
      "attributes in a fractal heap, which isn't read here",
      "save the file with h5py's libver='earliest'",
    );
  }
}
