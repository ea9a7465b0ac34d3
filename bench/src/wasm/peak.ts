import { writeFile } from 'node:fs/promises';
import { openEngines } from './engines.js';
import { fusedAdditive, inputs, type Shape } from '../problems.js';
import { HEED, openSystem } from './systems.js';

/** A process that computes once and tells what that took: `node peak.js '{"system":…,"op":…,"shapes":…}'`. */
export interface Measured {
  readonly ms: number;
  /** How far the heap of the wasm engine grew. */
  readonly heapBytes: number;
  /** The process's highest resident memory, beyond what it was when the inputs were there. */
  readonly peakBytes: number;
}

interface Request {
  readonly system: string;
  readonly op: 'dot-product' | 'additive';
  readonly shapes: readonly Shape[];
}

try {
  const { system, op, shapes } = JSON.parse(process.argv[2]) as Request;
  const engines = await openEngines();
  const problem = inputs(shapes);
  const contender =
    op === 'additive'
      ? await engines.heed(1)!.system(HEED, problem, fusedAdditive)
      : await openSystem(system, engines, problem);
  await contender.enter?.();
  const heap = engines.heapBytes();
  // Linux forgets the peak of what came before; elsewhere it counts too, and the figure is an upper bound.
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
