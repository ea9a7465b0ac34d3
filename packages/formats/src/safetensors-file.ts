import { HeedError } from '@heed/base';
import type { NumericArray } from './numeric-array.js';
import { headerLength, LENGTH_BYTES, parseHeader, quote, type Header, type Span } from './safetensors-header.js';
import { readSpan } from './safetensors.js';

/** Bytes that are read part by part, where they lie. */
export interface ByteSource {
  /** Length in bytes. */
  readonly size: number;
  /** The bytes from `start` to before `end`. */
  read(start: number, end: number): Promise<Uint8Array>;
}

/** What a safetensors file has, of which only the header was read so far. */
export interface SafetensorsFile extends Pick<Header, 'metadata'> {
  /** The tensors by their names. */
  readonly entries: ReadonlyMap<string, Omit<Span, 'name'>>;
  /**
   * One tensor, read now.
   *
   * @throws HeedError FILE_INVALID when the source gives other bytes than it was asked for; UNKNOWN_NAME
   */
  read(name: string): Promise<NumericArray>;
}

/**
 * A safetensors file that is read tensor by tensor: its header is read and checked as `decodeSafetensors` does, and no more.
 *
 * @throws HeedError FILE_INVALID, FILE_TOO_LARGE (the header), DTYPE_UNSUPPORTED
 * @see https://github.com/huggingface/safetensors#format
 */
export async function openSafetensors(source: ByteSource): Promise<SafetensorsFile> {
  const length = headerLength(await exactly(source, 0, Math.min(LENGTH_BYTES, source.size)), source.size);
  const dataStart = LENGTH_BYTES + length;
  const { spans, metadata } = parseHeader(await exactly(source, LENGTH_BYTES, dataStart), source.size - dataStart);
  const entries = new Map(spans.map((span) => [span.name, span]));
  return {
    metadata,
    entries,
    async read(name) {
      const span = entries.get(name);
      if (span === undefined) {
        throw new HeedError('UNKNOWN_NAME', { message: `safetensors: the file has no tensor ${quote(name)}` });
      }
      return readSpan(span, await exactly(source, dataStart + span.start, dataStart + span.end));
    },
  };
}

async function exactly(source: ByteSource, start: number, end: number): Promise<Uint8Array> {
  const bytes = start === end ? new Uint8Array(0) : await source.read(start, end);
  if (bytes.length === end - start) return bytes;
  throw new HeedError('FILE_INVALID', {
    message: `safetensors: bytes ${start} to ${end} were asked for, and ${bytes.length} came`,
  });
}
