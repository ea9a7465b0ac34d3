import { HeedError } from '@heed/base';
import type { DataFile } from '@heed/datasets';
import type { Host } from '../host.js';

// Measured on a million pairs of 80 bytes and on a gigabyte of text, at the peak while they are read.
const BYTES_A_BYTE: Readonly<Record<string, number>> = { text: 2, pairs: 8, labels: 8, captions: 8 };

/**
 * Refuses data that need more memory than there is, before anything is read.
 *
 * @param kind name of the kind of data
 * @throws HeedError FILE_TOO_LARGE
 */
export function assertFits({ heapLimit }: Pick<Host, 'heapLimit'>, kind: string, files: readonly DataFile[]): void {
  if (heapLimit === undefined) return;
  const size = files.reduce((sum, file) => sum + file.size, 0);
  const need = size * BYTES_A_BYTE[kind];
  if (need <= heapLimit) return;
  throw new HeedError('FILE_TOO_LARGE', {
    message: `${files.map(({ name }) => name).join(', ')}: ${gigabytes(size)} of ${kind} need about ${gigabytes(need)} of memory, and Node may take ${gigabytes(heapLimit)}`,
    hint: `with so much memory set NODE_OPTIONS=--max-old-space-size=${Math.ceil(need / 2 ** 20)}, else give a part of the data`,
    details: { size, need, heapLimit },
  });
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
