import { writeHdf5 } from '../src/files/hdf5/write-hdf5.js';

/** A file of one empty group, a header of the root that may be replaced, and room at the end. */
const BASE = writeHdf5({ groups: { a: { groups: {}, datasets: {} } }, datasets: {} });
const at = (offset: number): number => Number(new DataView(BASE.buffer).getBigUint64(offset, true));
const ROOT = at(64);
const ROOT_TABLE = ROOT + 24;
const TREE = at(ROOT_TABLE);

function withRoom(size: number): { readonly bytes: Uint8Array; readonly view: DataView; readonly room: number } {
  const bytes = new Uint8Array(BASE.length + size);
  bytes.set(BASE);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(40, BigInt(bytes.length), true);
  return { bytes, view, room: BASE.length };
}

/** An attribute of 2³¹ − 1 texts of no bytes, in a file of under 2 kB. */
export function emptyTexts(): Uint8Array {
  const { bytes, view, room } = withRoom(200);
  view.setUint8(room, 1);
  view.setUint16(room + 2, 2, true);
  view.setUint32(room + 4, 1, true);
  view.setUint32(room + 8, 96, true);
  view.setUint16(room + 16, 0x11, true);
  view.setUint16(room + 18, 16, true);
  bytes.set(BASE.subarray(ROOT_TABLE, ROOT_TABLE + 16), room + 24);
  const message = room + 40;
  view.setUint16(message, 0x0c, true);
  view.setUint16(message + 2, 64, true);
  // Version 1, a name of 2 bytes, a datatype of 8 bytes, a dataspace of 16 bytes.
  const attribute = message + 8;
  bytes.set([1, 0, 2, 0, 8, 0, 16, 0, 'x'.charCodeAt(0)], attribute);
  bytes.set([0x13, 0, 0, 0, 0, 0, 0, 0], attribute + 16);
  bytes.set([1, 1], attribute + 24);
  view.setBigUint64(attribute + 32, 2n ** 31n - 1n, true);
  view.setBigUint64(64, BigInt(room), true);
  return bytes;
}

/** A tree whose 3000 children are all the same node, three levels deep: 2.7 · 10¹⁰ paths in 146 kB. */
export function wideTree(children = 3000, levels = 3): Uint8Array {
  const size = 24 + 8 * (2 * children + 1);
  const { bytes, view, room } = withRoom(levels * size);
  let child = TREE;
  for (let level = 1; level <= levels; level++) {
    const node = room + (level - 1) * size;
    bytes.set(BASE.subarray(TREE, TREE + 4), node);
    view.setUint8(node + 5, level);
    view.setUint16(node + 6, children, true);
    for (let index = 0; index < children; index++) view.setBigUint64(node + 32 + 16 * index, BigInt(child), true);
    child = node;
  }
  view.setBigUint64(ROOT_TABLE, BigInt(child), true);
  return bytes;
}

/** A group that is its own member. */
export function ownMember(): Uint8Array {
  const bytes = BASE.slice();
  const view = new DataView(bytes.buffer);
  const symbols = at(TREE + 32);
  view.setBigUint64(symbols + 16, BigInt(ROOT), true);
  return bytes;
}

/** A dataset that says it has far more elements than the file has bytes. */
export function hugeShape(): Uint8Array {
  const bytes = writeHdf5({ groups: {}, datasets: { big: { shape: [1234567], values: new Float32Array(1) } } });
  const view = new DataView(bytes.buffer);
  const shape = bytes.findIndex((_, index) => index + 8 <= bytes.length && view.getBigUint64(index, true) === 1234567n);
  view.setBigUint64(shape, 2n ** 40n, true);
  return bytes;
}
