import { invalidAt } from '../invalid.js';

// A well-formed file is read about once; attributes and B-trees may be looked at again. What exceeds this goes in circles.
const READS_A_BYTE = 8;
const LEAST_READS = 1_000_000;

/**
 * Little-endian numbers at offsets of an untrusted file. Every read is checked against the end of the file, and all reads together are
 * limited in proportion to its length, so that no declaration, cycle or shared heap object makes reading endless.
 */
export class ByteReader {
  readonly #view: DataView;
  #readsLeft: number;

  constructor(
    readonly name: string,
    readonly bytes: Uint8Array,
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#readsLeft = LEAST_READS + READS_A_BYTE * bytes.length;
  }

  get length(): number {
    return this.bytes.length;
  }

  u8(at: number): number {
    return this.#view.getUint8(this.#checked(at, 1));
  }

  u16(at: number): number {
    return this.#view.getUint16(this.#checked(at, 2), true);
  }

  u32(at: number): number {
    return this.#view.getUint32(this.#checked(at, 4), true);
  }

  /** A length or an address. */
  u64(at: number): number {
    this.#checked(at, 8);
    const value = this.#view.getUint32(at, true) + this.#view.getUint32(at + 4, true) * 2 ** 32;
    return value;
  }

  /** Bytes from an offset on, not copied. */
  slice(at: number, length: number): Uint8Array {
    this.#checked(at, length);
    return this.bytes.subarray(at, at + length);
  }

  /** Refuses a block that doesn't begin with its four letters. */
  expect(at: number, signature: string): void {
    const found = String.fromCharCode(...this.slice(at, signature.length));
    if (found !== signature) throw invalidAt(this.name, `no ${signature} block at byte ${at}`);
  }

  /** Text that ends with a zero byte, or at `limit`. */
  text(at: number, limit: number): string {
    const bytes = this.slice(at, Math.max(0, Math.min(limit, this.length - at)));
    const end = bytes.indexOf(0);
    return decodeText(this.name, end < 0 ? bytes : bytes.subarray(0, end));
  }

  #checked(at: number, length: number): number {
    if (!(at >= 0 && length >= 0 && at + length <= this.length)) {
      throw invalidAt(
        this.name,
        `${length} bytes at byte ${at} are past the end of the file, which has ${this.length}`,
      );
    }
    this.#readsLeft -= Math.max(1, length);
    if (this.#readsLeft < 0) throw invalidAt(this.name, 'its structure goes in circles');
    return at;
  }
}

export function decodeText(where: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw invalidAt(where, 'a text is not UTF-8');
  }
}
