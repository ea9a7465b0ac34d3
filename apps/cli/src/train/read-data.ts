import type { Host, Output } from '../host.js';
import type { AnyData } from '../known.js';
import type { TaskSource } from '../own/task-source.js';

/** Reads data, with how far they are read; those of packages are there at once. */
export async function read({ output }: Host, source: TaskSource, options: { readonly seed: number }): Promise<AnyData> {
  const data = await source.load(options, reading(output));
  output.endProgress();
  return data;
}

/** Shows how many bytes have been read. */
export function reading(output: Output): (progress: { readonly done: number; readonly total: number }) => void {
  const started = performance.now();
  return ({ done, total }) => {
    if (done >= total) return; // the last one is no news
    const rate = done / ((performance.now() - started) / 1000);
    output.progress({
      done: Math.floor(done / 1e6),
      total: Math.ceil(total / 1e6),
      unit: 'reading: MB',
      secondsLeft: (total - done) / rate,
    });
  };
}
