import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { atMost } from '../figure.js';
import type { BenchCase } from './case.js';
import type { Measured } from './peak.js';
import { eightHeads, type Shape } from '../computations.js';
import { HEED, SYSTEMS } from './systems.js';

const PEAK = fileURLToPath(new URL('peak.js', import.meta.url));
const MIB = 2 ** 20;

/** Measures in a new process, since earlier computations would have enlarged the heap and raised the peak. */
async function measure(system: string, op: 'dot-product' | 'additive', shapes: readonly Shape[]): Promise<Measured> {
  const { stdout } = await promisify(execFile)(process.execPath, [PEAK, JSON.stringify({ system, op, shapes })]);
  return JSON.parse(stdout) as Measured;
}

/** Case that measures how much the heap, and the process at its peak, grow beyond inputs and outputs. */
export function memory(
  name: string,
  title: string,
  op: 'dot-product' | 'additive',
  shapes: readonly Shape[],
  { outputs, most }: { outputs: number; most: number },
): BenchCase {
  return {
    name,
    title,
    async run() {
      const { ms, heapBytes, peakBytes } = await measure(HEED, op, shapes);
      const heap = Math.max(0, heapBytes - outputs) / MIB;
      // The output exists twice: in the heap, and in the array that it was read into.
      const peak = Math.max(0, peakBytes - 2 * outputs) / MIB;
      const figures = [
        atMost(`${name}: heap beyond inputs and outputs`, most, heap, 'MiB'),
        atMost(`${name}: peak of the process beyond inputs and outputs`, most, peak, 'MiB'),
      ];
      return { case: name, title, standings: [], figures, leftOut: [], rows: [{ ms: Math.round(ms) }] };
    },
  };
}

/** Case that measures the peak of every system for the same computation. */
export function peaks(time: number): BenchCase {
  const title = `peak of the process beyond its inputs, dot-product attention forward, B1 H8 T${time} D64`;
  return {
    name: 'peaks',
    title,
    async run() {
      const rows: Record<string, number | string>[] = [];
      const leftOut: string[] = [];
      for (const system of SYSTEMS) {
        try {
          const { peakBytes } = await measure(system, 'dot-product', eightHeads(time));
          rows.push({ system, MiB: Math.round(peakBytes / MIB) });
        } catch (error) {
          const { stderr = '' } = error as { stderr?: string };
          leftOut.push(`${system}: ${stderr.trim().split('\n').at(-1)}`);
        }
      }
      return { case: 'peaks', title, standings: [], figures: [], leftOut, rows };
    },
  };
}
