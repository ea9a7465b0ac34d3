import { checkOptions, type OptionNames } from '@heed/base';
import { HeedError } from '@heed/base';

export interface DecodeOptions {
  /** Refuse files that are longer, with FILE_TOO_LARGE. Default 2 GiB. */
  readonly maxBytes?: number;
}

const OPTIONS: OptionNames<DecodeOptions> = { maxBytes: true };

const DEFAULT_MAX_BYTES = 2 ** 31;

/** Throws when the file passes the caller's limit; called before anything is read. */
export function checkFileSize(format: string, bytes: Uint8Array, options: DecodeOptions): void {
  checkOptions(format, options, OPTIONS);
  const { maxBytes = DEFAULT_MAX_BYTES } = options;
  if (!(bytes instanceof Uint8Array)) {
    throw new HeedError('INVALID_ARGUMENT', { message: `${format}: bytes must be a Uint8Array` });
  }
  if (!(maxBytes >= 0)) {
    throw new HeedError('INVALID_ARGUMENT', { message: `${format}: maxBytes is ${maxBytes}`, hint: 'a number ≥ 0' });
  }
  if (bytes.length > maxBytes) {
    throw new HeedError('FILE_TOO_LARGE', {
      message: `${format}: the file has ${bytes.length} bytes, the limit is ${maxBytes}`,
      hint: 'raise maxBytes if the file is meant to be this large',
      details: { bytes: bytes.length, maxBytes },
    });
  }
}
