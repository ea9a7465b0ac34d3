import { checkOptions, type OptionNames } from '@heed/base';
import { HeedError } from '@heed/base';

export interface DecodeOptions {
  /** Greatest length of a file, in bytes; a longer one is refused with FILE_TOO_LARGE. Default 2 GiB. */
  readonly maxBytes?: number;
}

const OPTIONS: OptionNames<DecodeOptions> = { maxBytes: true };

const DEFAULT_MAX_BYTES = 2 ** 31;

/** Refuses a file that is longer than the caller's limit. To be called before anything of it is read. */
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
