import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import type { Target } from './case.js';

const Baseline = v.object({
  targets: v.array(v.object({ name: v.string(), measured: v.number(), direction: v.picklist(['least', 'most']) })),
});

export type Baseline = v.InferOutput<typeof Baseline>;

/**
 * Reads results that `--json` wrote.
 *
 * @throws Error for a file of another kind
 */
export async function readBaseline(file: string): Promise<Baseline> {
  const text = await readFile(file, 'utf8');
  try {
    return v.parse(Baseline, JSON.parse(text));
  } catch (error) {
    throw new Error(`${file} isn't a result of --json: ${(error as Error).message}`, { cause: error });
  }
}

/** Figures that are worse than in the baseline by more than `share` of it. */
export function regressions({ targets: before }: Baseline, now: readonly Target[], share: number): string[] {
  return now.flatMap(({ name, measured, direction }) => {
    const earlier = before.find((target) => target.name === name)?.measured;
    if (earlier === undefined) return [];
    const worse = direction === 'least' ? measured < earlier * (1 - share) : measured > earlier * (1 + share);
    return worse ? [`${name}: ${measured}, before ${earlier}`] : [];
  });
}
