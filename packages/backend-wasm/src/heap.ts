/// <reference lib="dom" />

/** A memory, and room in it for the time of a call. */
export interface Heap {
  /** One object for the life of the heap; its `buffer` is another one each time it grows. */
  readonly memory: WebAssembly.Memory;
  /** Runs `use` with the address of that many bytes, aligned to 64, then frees them. */
  withScratch<T>(bytes: number, use: (address: number) => T): T;
}
