import { writeFile } from 'node:fs/promises';
import { openEngines } from './engines.js';
import { fusedAdditive, inputs, type Shape } from '../computations.js';
import { HEED, openSystem } from './systems.js';

/** Memory that a process needed to compute once: `node peak.js '{"system":…,"op":…,"shapes":…}'`. */
export interface Measured {
  readonly ms: number;
  /** Growth of the wasm engine's heap, in bytes. */
  readonly heapBytes: number;
  /** Growth of the process's peak resident memory, in bytes, beyond that after the inputs were made. */
  readonly peakBytes: number;
}

interface Arguments {
  readonly system: string;
  readonly op: 'dot-product' | 'additive';
  readonly shapes: readonly Shape[];
}

try {
  const { system, op, shapes } = JSON.parse(process.argv[2]) as Arguments;
  const engines = await openEngines();
  const given = inputs(shapes);
  const contender =
    op === 'additive'
      ? await engines.heed(1)!.system(HEED, given, fusedAdditive)
      : await openSystem(system, engines, given);
  await contender.enter?.();
  const heap = engines.heapBytes();
  // On Linux this resets the peak; on other systems earlier peaks count too, and the figure is an upper bound.
  await writeFile('/proc/self/clear_refs', '5').catch(() => {});
  const resident = process.memoryUsage.rss();
  const start = performance.now();
  await contender.run();
  const measured: Measured = {
    ms: performance.now() - start,
    heapBytes: engines.heapBytes() - heap,
    peakBytes: process.resourceUsage().maxRSS * 1024 - resident,
  };
  console.log(JSON.stringify(measured));
  process.exit(0);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
