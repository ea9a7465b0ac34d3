/// <reference lib="dom" />

/** A list of numbers, as it is in memory. */
export type Numbers = Uint8Array | Int32Array | Uint32Array | Float32Array | Float64Array;

export const bytesOf = ({ buffer, byteOffset, byteLength }: Numbers): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** A memory, and room in it for the time of a call. */
export interface Heap {
  /** One object for the life of the heap; its `buffer` is another one each time it grows. */
  readonly memory: WebAssembly.Memory;
  /** Runs `use` with the address of that many bytes, aligned to 64, then frees them. */
  withScratch<T>(bytes: number, use: (address: number) => T): T;
  /**
   * Writes numbers.
   *
   * @param grow whether they grow by as much as what a step adds to a cache
   */
  write(address: number, numbers: Numbers, grow?: boolean): void;
}
