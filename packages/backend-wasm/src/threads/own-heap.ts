/// <reference lib="dom" />
import { bytesOf, type Heap } from '../heap.js';

const PAGE = 65536;
const ALIGNMENT = 64;
/** What a request may take of it, with its scratch; larger ones stay where they are, on one thread. */
const OWN_HEAP_LIMIT = 192 * 2 ** 20;

/** A shared memory of this package, for engines whose heap isn't shared. It grows with the requests and is kept. */
export function ownHeap(): Heap {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: OWN_HEAP_LIMIT / PAGE, shared: true });
  let top = ALIGNMENT; // 0 means that something is absent
  return {
    memory,
    write: (address, numbers) => new Uint8Array(memory.buffer).set(bytesOf(numbers), address),
    withScratch: (bytes, use) => {
      const start = top;
      const end = start + Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
      const missing = end - memory.buffer.byteLength;
      if (missing > 0) memory.grow(Math.ceil(missing / PAGE)); // a RangeError where there is no room
      top = end;
      try {
        return use(start);
      } finally {
        top = start;
      }
    },
  };
}
