import { invalidAt } from '../invalid.js';
import type { ByteReader } from './byte-reader.js';

/** Kinds of messages in an object's header that are read here. Format specification, IV.A.2. */
export const MESSAGE = {
  dataspace: 0x01,
  linkInfo: 0x02,
  datatype: 0x03,
  link: 0x06,
  layout: 0x08,
  filters: 0x0b,
  attribute: 0x0c,
  continuation: 0x10,
  symbolTable: 0x11,
  attributeInfo: 0x15,
} as const;

export interface Message {
  readonly type: number;
  /** Where its data begin, in bytes from the start of the file. */
  readonly at: number;
  readonly size: number;
}

interface Block {
  readonly at: number;
  readonly size: number;
}

/** Messages of the object whose header lies at `at`: what it is, where its data lie, its attributes. */
export function readObjectHeader(file: ByteReader, at: number): Message[] {
  return file.u8(at) === 1 ? readVersion1(file, at) : readVersion2(file, at);
}

function readVersion1(file: ByteReader, at: number): Message[] {
  return readBlocks(file, { at: at + 16, size: file.u32(at + 8) }, (block) => {
    const messages: Message[] = [];
    for (let place = block.at; place + 8 <= block.at + block.size;) {
      const size = file.u16(place + 2);
      messages.push(checkShared(file, file.u8(place + 4), { type: file.u16(place), at: place + 8, size }));
      place += 8 + size;
    }
    return messages;
  });
}

function readVersion2(file: ByteReader, at: number): Message[] {
  file.expect(at, 'OHDR');
  const flags = file.u8(at + 5);
  const sizeBytes = 1 << (flags & 3);
  const sizeAt = at + 6 + (flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0);
  const size = [file.u8, file.u16, file.u32, file.u64][flags & 3]!.call(file, sizeAt);
  const prefix = flags & 4 ? 6 : 4;
  const first = { at: sizeAt + sizeBytes, size };
  return readBlocks(file, first, (block) => {
    const inner = block === first ? block : continued(file, block);
    const messages: Message[] = [];
    for (let place = inner.at; place + prefix <= inner.at + inner.size;) {
      const size = file.u16(place + 1);
      messages.push(checkShared(file, file.u8(place + 3), { type: file.u8(place), at: place + prefix, size }));
      place += prefix + size;
    }
    return messages;
  });
}

// A continuation of version 2 has a signature before and a checksum after its messages.
function continued(file: ByteReader, { at, size }: Block): Block {
  file.expect(at, 'OCHK');
  return { at: at + 4, size: size - 8 };
}

function readBlocks(file: ByteReader, first: Block, read: (block: Block) => Message[]): Message[] {
  const blocks = [first];
  const visited = new Set<number>();
  const messages: Message[] = [];
  for (const block of blocks) {
    if (visited.has(block.at)) throw invalidAt(file.name, `the header at byte ${block.at} continues in a circle`);
    visited.add(block.at);
    file.slice(block.at, block.size);
    for (const message of read(block)) {
      messages.push(message);
      if (message.type === MESSAGE.continuation) {
        blocks.push({ at: file.u64(message.at), size: file.u64(message.at + 8) });
      }
    }
  }
  return messages;
}

const NEEDED = new Set<number>([MESSAGE.dataspace, MESSAGE.datatype, MESSAGE.layout, MESSAGE.filters]);

function checkShared(file: ByteReader, flags: number, message: Message): Message {
  if ((flags & 2) !== 0 && NEEDED.has(message.type)) {
    throw invalidAt(file.name, `the message at byte ${message.at} is shared with other objects, which isn't read here`);
  }
  return message;
}
