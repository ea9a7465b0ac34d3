/** Common parts of all benchmarks: the time of a system's turn, and the check that systems have the same results. */

/** Function that computes once, waits for its device, and returns the results, so that no work can be skipped. */
export type RunOnce = () => Promise<readonly Float32Array[]>;

/** Mean time of a run in milliseconds, over as many runs as fit in `least` milliseconds, at least one. */
export async function timeOf(run: RunOnce, least: number): Promise<number> {
  const start = performance.now();
  let runs = 0;
  let elapsed: number;
  do {
    await run();
    runs++;
    elapsed = performance.now() - start;
  } while (elapsed < least);
  return elapsed / runs;
}

/** Error when two systems have different results, so that a comparison of their times means nothing. */
export class Disagreement extends Error {}

/** Greatest relative difference: both are float32 and sum in different orders; different computations differ by far more. */
const TOLERANCE = 1e-4;

/**
 * Checks that results agree.
 *
 * @throws Disagreement when they differ by more than TOLERANCE times the largest expected number
 */
export function checkAgreement(
  system: string,
  expected: readonly Float32Array[],
  results: readonly Float32Array[],
): void {
  if (results.length !== expected.length) {
    throw new Disagreement(`${system}: ${results.length} results, expected ${expected.length}`);
  }
  for (const [n, values] of results.entries()) {
    const others = expected[n];
    if (values.length !== others.length) {
      throw new Disagreement(`${system}: result ${n} has ${values.length} elements, expected ${others.length}`);
    }
    const size = others.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    const wrong = values.findIndex((x, i) => !(Math.abs(x - others[i]) <= TOLERANCE * size));
    if (wrong >= 0) {
      throw new Disagreement(`${system}: result ${n} is ${values[wrong]} at ${wrong}, expected ${others[wrong]}`);
    }
  }
}
