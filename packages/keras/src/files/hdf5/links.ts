import { invalidAt } from '../invalid.js';
import { decodeText, type ByteReader } from './byte-reader.js';
import { MESSAGE, type Message } from './object-header.js';

/** Addresses of a group's members by name. Soft and external links are refused: a file of Keras has none. */
export function readLinks(file: ByteReader, messages: readonly Message[]): Map<string, number> {
  const links = new Map<string, number>();
  const add = (name: string, address: number): void => {
    if (name === '' || name.includes('/'))
      throw invalidAt(file.name, `a member named ${JSON.stringify(name.slice(0, 80))}`);
    links.set(name, address);
  };
  for (const { type, at } of messages) {
    if (type === MESSAGE.symbolTable) readTree(file, file.u64(at), namesOf(file, file.u64(at + 8)), add);
    if (type === MESSAGE.link) readLink(file, at, add);
    if (type === MESSAGE.linkInfo) checkNotDense(file, at);
  }
  return links;
}

type Add = (name: string, address: number) => void;
type NameAt = (offset: number) => string;

// Local heap, III.D: names one after the other, each ended by a zero.
function namesOf(file: ByteReader, heap: number): NameAt {
  file.expect(heap, 'HEAP');
  const size = file.u64(heap + 8);
  const data = file.u64(heap + 24);
  return (offset) => file.text(data + offset, Math.min(size - offset, LONGEST_NAME));
}

const LONGEST_NAME = 1024;
// A tree of this many levels would hold more members than bytes fit a file.
const MOST_LEVELS = 16;

/** B-tree of version 1 over symbol table nodes, III.A.1. A node's children have a lower level, so that trees end. */
function readTree(file: ByteReader, at: number, nameAt: NameAt, add: Add, below = MOST_LEVELS): void {
  file.expect(at, 'TREE');
  const level = file.u8(at + 5);
  if (file.u8(at + 4) !== 0 || level >= below)
    throw invalidAt(file.name, `a tree node at byte ${at} of level ${level}`);
  const count = file.u16(at + 6);
  for (let index = 0; index < count; index++) {
    const child = file.u64(at + 32 + 16 * index);
    if (level > 0) readTree(file, child, nameAt, add, level);
    else readSymbols(file, child, nameAt, add);
  }
}

const SYMBOL_BYTES = 40;
const SOFT_LINK = 2;

function readSymbols(file: ByteReader, at: number, nameAt: NameAt, add: Add): void {
  file.expect(at, 'SNOD');
  const count = file.u16(at + 6);
  for (let index = 0; index < count; index++) {
    const symbol = at + 8 + SYMBOL_BYTES * index;
    const name = nameAt(file.u64(symbol));
    if (file.u32(symbol + 16) === SOFT_LINK) throw invalidAt(file.name, `${JSON.stringify(name)} is a soft link`);
    add(name, file.u64(symbol + 8));
  }
}

// Link message, IV.A.2.g.
function readLink(file: ByteReader, at: number, add: Add): void {
  const flags = file.u8(at + 1);
  let place = at + 2;
  if (flags & 8) {
    if (file.u8(place) !== 0) throw invalidAt(file.name, `a soft or external link at byte ${at}`);
    place += 1;
  }
  if (flags & 4) place += 8;
  if (flags & 16) place += 1;
  const width = flags & 3;
  const length = [file.u8, file.u16, file.u32, file.u64][width]!.call(file, place);
  place += 1 << width;
  add(decodeText(file.name, file.slice(place, length)), file.u64(place + length));
}

function checkNotDense(file: ByteReader, at: number): void {
  const heap = file.u64(at + 2 + (file.u8(at + 1) & 1 ? 8 : 0));
  if (heap < file.length) {
    throw invalidAt(
      file.name,
      "members in a fractal heap, which isn't read here",
      "save the file with h5py's libver='earliest'",
    );
  }
}
