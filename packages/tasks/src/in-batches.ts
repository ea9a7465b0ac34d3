import type { JudgeOptions } from './task.js';

/** Works on examples in batches of `size`; after each it reports the progress, and stops when the signal says so. */
export async function inBatches<Example, Result>(
  examples: readonly Example[],
  size: number,
  { signal, onProgress }: Pick<JudgeOptions, 'signal' | 'onProgress'>,
  work: (batch: readonly Example[]) => Promise<readonly Result[]>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < examples.length; start += size) {
    if (signal?.aborted === true) break;
    results.push(...(await work(examples.slice(start, start + size))));
    onProgress?.({ done: results.length, total: examples.length });
  }
  return results;
}
