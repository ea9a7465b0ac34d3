import type { JudgeOptions } from './task.js';

/** Work on some examples at a time, with reports of progress and looks at the signal in between. */
export async function inGroups<Example, Result>(
  examples: readonly Example[],
  size: number,
  { signal, onProgress }: Pick<JudgeOptions, 'signal' | 'onProgress'>,
  work: (group: readonly Example[]) => Promise<readonly Result[]>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < examples.length; start += size) {
    if (signal?.aborted === true) break;
    results.push(...(await work(examples.slice(start, start + size))));
    onProgress?.({ done: results.length, total: examples.length });
  }
  return results;
}
