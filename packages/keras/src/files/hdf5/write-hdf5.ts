/** What a group of a written file holds. */
export interface Hdf5Content {
  readonly groups: Readonly<Record<string, Hdf5Content>>;
  readonly datasets: Readonly<Record<string, WrittenDataset>>;
}

export interface WrittenDataset {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/**
 * Writes groups and datasets of float32 as an HDF5 file of the oldest format, which every library reads: superblock 0, groups of symbol
 * tables, each dataset in one piece. The bytes depend on the content alone.
 *
 * @see https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t1.html
 */
export function writeHdf5(root: Hdf5Content): Uint8Array {
  const file = new Blocks(Math.max(LEAST_INNER_K, Math.ceil(mostMembers(root) / SYMBOLS_A_NODE / 2)));
  file.place(SUPERBLOCK_BYTES);
  const address = writeGroup(file, root);
  return file.finish(address);
}

const SUPERBLOCK_BYTES = 96;
const LEAF_K = 4;
const SYMBOLS_A_NODE = 2 * LEAF_K;
const SYMBOL_BYTES = 40;
const LEAST_INNER_K = 16;
const UNDEFINED = 2n ** 64n - 1n;

const mostMembers = ({ groups, datasets }: Hdf5Content): number =>
  Math.max(Object.keys(groups).length + Object.keys(datasets).length, ...Object.values(groups).map(mostMembers));

/** A file that grows block by block; each begins at a multiple of 8 bytes. */
class Blocks {
  #bytes = new Uint8Array(2 ** 16);
  #end = 0;

  /** @param innerK half of the children that a node of a group's tree has room for; one number for the whole file */
  constructor(readonly innerK: number) {}

  /** Room for a block of zeros, and a view of it that holds until the next one is placed. */
  place(size: number): { readonly at: number; readonly view: DataView; readonly bytes: Uint8Array } {
    const at = this.#end;
    this.#end += Math.ceil(size / 8) * 8;
    if (this.#end > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#end, 2 * this.#bytes.length));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    return { at, view: new DataView(this.#bytes.buffer, at, size), bytes: this.#bytes.subarray(at, at + size) };
  }

  /** The whole file, with its superblock (II.A). */
  finish(root: number): Uint8Array {
    const view = new DataView(this.#bytes.buffer);
    this.#bytes.set([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]);
    view.setUint8(13, 8); // bytes of an address
    view.setUint8(14, 8); // bytes of a length
    view.setUint16(16, LEAF_K, true);
    view.setUint16(18, this.innerK, true);
    view.setBigUint64(32, UNDEFINED, true); // no list of free space
    view.setBigUint64(40, BigInt(this.#end), true);
    view.setBigUint64(48, UNDEFINED, true); // no driver
    view.setBigUint64(64, BigInt(root), true);
    return this.#bytes.slice(0, this.#end);
  }
}

/** A group: its members, a heap of their names, nodes of symbols in the order of names, a tree of one level over them, its header. */
function writeGroup(file: Blocks, { groups, datasets }: Hdf5Content): number {
  const members = [
    ...Object.entries(groups).map(([name, group]) => ({ name, header: writeGroup(file, group) })),
    ...Object.entries(datasets).map(([name, dataset]) => ({ name, header: writeDataset(file, dataset) })),
  ].map(({ name, header }) => ({ name: new TextEncoder().encode(name), header }));
  members.sort((a, b) => compareBytes(a.name, b.name));

  const { heap, offsets } = writeHeap(
    file,
    members.map(({ name }) => name),
  );
  const nodes: { readonly at: number; readonly last: number }[] = [];
  for (let from = 0; from < members.length; from += SYMBOLS_A_NODE) {
    const part = members.slice(from, from + SYMBOLS_A_NODE);
    const { at, view, bytes } = file.place(8 + SYMBOLS_A_NODE * SYMBOL_BYTES);
    bytes.set(letters('SNOD'));
    view.setUint8(4, 1);
    view.setUint16(6, part.length, true);
    for (const [index, { header }] of part.entries()) {
      view.setBigUint64(8 + SYMBOL_BYTES * index, BigInt(offsets[from + index]!), true);
      view.setBigUint64(16 + SYMBOL_BYTES * index, BigInt(header), true);
    }
    nodes.push({ at, last: offsets[from + part.length - 1]! });
  }

  const tree = writeTree(file, nodes);
  const table = new Uint8Array(16);
  new DataView(table.buffer).setBigUint64(0, BigInt(tree), true);
  new DataView(table.buffer).setBigUint64(8, BigInt(heap), true);
  return writeHeader(file, [[0x11, table]]);
}

/** Local heap (III.D): a first name that is empty, then the others, each ended by a zero and filled up to 8 bytes. */
function writeHeap(
  file: Blocks,
  names: readonly Uint8Array[],
): { readonly heap: number; readonly offsets: readonly number[] } {
  let size = 8;
  const offsets = names.map((name) => {
    const offset = size;
    size += Math.ceil((name.length + 1) / 8) * 8;
    return offset;
  });
  const data = file.place(size);
  for (const [index, name] of names.entries()) data.bytes.set(name, offsets[index]);
  const { at, view, bytes } = file.place(32);
  bytes.set(letters('HEAP'));
  view.setBigUint64(8, BigInt(size), true);
  view.setBigUint64(16, 1n, true); // no free room in it
  view.setBigUint64(24, BigInt(data.at), true);
  return { heap: at, offsets };
}

/** Tree of symbol table nodes (III.A.1). A key is the greatest name of the child before it. */
function writeTree(file: Blocks, nodes: readonly { readonly at: number; readonly last: number }[]): number {
  const { at, view, bytes } = file.place(24 + 8 * (4 * file.innerK + 1));
  bytes.set(letters('TREE'));
  view.setUint16(6, nodes.length, true);
  view.setBigUint64(8, UNDEFINED, true);
  view.setBigUint64(16, UNDEFINED, true);
  for (const [index, node] of nodes.entries()) {
    view.setBigUint64(32 + 16 * index, BigInt(node.at), true);
    view.setBigUint64(40 + 16 * index, BigInt(node.last), true);
  }
  return at;
}

function writeDataset(file: Blocks, { shape, values }: WrittenDataset): number {
  const data = file.place(4 * values.length);
  for (const [index, value] of new Uint32Array(values.buffer, values.byteOffset, values.length).entries()) {
    data.view.setUint32(4 * index, value, true);
  }
  const space = new Uint8Array(8 + 8 * shape.length);
  space.set([1, shape.length]);
  const axes = new DataView(space.buffer, 8);
  for (const [axis, length] of shape.entries()) axes.setBigUint64(8 * axis, BigInt(length), true);
  const layout = new Uint8Array(24);
  layout.set([3, 1]);
  const place = new DataView(layout.buffer);
  place.setBigUint64(2, values.length === 0 ? UNDEFINED : BigInt(data.at), true);
  place.setBigUint64(10, BigInt(4 * values.length), true);
  return writeHeader(file, [
    [0x01, space],
    [0x03, FLOAT32],
    [0x05, NO_FILL_VALUE],
    [0x08, layout],
  ]);
}

// IV.A.2.d: class 1 of version 1; little-endian, the mantissa's first bit implied, the sign at bit 31; 4 bytes; precision 32, exponent of 8 bits
// at 23, mantissa of 23 bits at 0, bias 127.
const FLOAT32 = Uint8Array.of(0x11, 0x20, 31, 0, 4, 0, 0, 0, 0, 0, 32, 0, 23, 8, 0, 23, 127, 0, 0, 0, 0, 0, 0, 0);
// IV.A.2.f, version 2: room is taken late, a value written if one is set, and the standard one is: zeros.
const NO_FILL_VALUE = Uint8Array.of(2, 2, 2, 1, 0, 0, 0, 0);

/** An object's header of version 1 (IV.A.1.a). The messages' lengths are multiples of 8. */
function writeHeader(file: Blocks, messages: readonly (readonly [type: number, data: Uint8Array])[]): number {
  const size = messages.reduce((sum, [, data]) => sum + 8 + data.length, 0);
  const { at, view, bytes } = file.place(16 + size);
  view.setUint8(0, 1);
  view.setUint16(2, messages.length, true);
  view.setUint32(4, 1, true);
  view.setUint32(8, size, true);
  let place = 16;
  for (const [type, data] of messages) {
    view.setUint16(place, type, true);
    view.setUint16(place + 2, data.length, true);
    bytes.set(data, place + 8);
    place += 8 + data.length;
  }
  return at;
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const different = a.findIndex((byte, index) => byte !== b[index]);
  return different < 0 ? a.length - b.length : a[different]! - (b[different] ?? -1);
}

const letters = (text: string): Uint8Array => new TextEncoder().encode(text);
