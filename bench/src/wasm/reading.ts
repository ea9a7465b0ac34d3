/// <reference lib="dom" />
/** Compiled assembly/reading.ts. */
const BYTES =
  'AGFzbQEAAAABBwFgAn9/AX0DAgEABQMBAAAHEAIDc3VtAAAGbWVtb3J5AgAKxwEBxAEBCHsgACABaiEBA0AgACABSQRAIAIgAP0ABAD95AEhAiADIAD9AAQQ/eQBIQMgBCAA/QAEIP3kASEEIAUgAP0ABDD95AEhBSAGIAD9AARA/eQBIQYgByAA/QAEUP3kASEHIAggAP0ABGD95AEhCCAJIAD9AARw/eQBIQkgAEGAAWohAAwBCwsgAiAD/eQBIAQgBf3kAf3kASAGIAf95AEgCCAJ/eQB/eQB/eQBIgL9HwAgAv0fAZIgAv0fApIgAv0fA5IL';

const PAGE = 2 ** 16;
/** Bytes that a turn of the loop reads. */
const STEP = 128;

interface Loop {
  readonly memory: WebAssembly.Memory;
  sum(from: number, bytes: number): number;
}

/** Reads as many bytes as these numbers take, in order and once, and adds them: what memory allows at most. */
export function readingOf(floats: number): () => Promise<readonly Float32Array[]> {
  const bytes = Math.ceil((floats * Float32Array.BYTES_PER_ELEMENT) / STEP) * STEP;
  const module = new WebAssembly.Module(Buffer.from(BYTES, 'base64'));
  const { memory, sum } = new WebAssembly.Instance(module).exports as unknown as Loop;
  memory.grow(Math.ceil(bytes / PAGE));
  new Float32Array(memory.buffer).fill(1); // pages that were never written are no memory
  return () => Promise.resolve([Float32Array.of(sum(0, bytes))]);
}
