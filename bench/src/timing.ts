/** What one turn of a system costs, and whether systems computed the same: for every benchmark here. */

/** Computes once and hands over what came out, so that it can't be skipped; awaits its device if it has one. */
export type Run = () => Promise<readonly Float32Array[]>;

/** Mean time of a run in milliseconds, over as many as fit in `least` milliseconds and at least one. */
export async function timeOf(run: Run, least: number): Promise<number> {
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

/** Two systems gave different results: to compare their times would mean nothing. */
export class Disagreement extends Error {}

/** Both are float32 and sum in different orders; what isn't the same computation is off by far more. */
const TOLERANCE = 1e-4;

/** @throws Disagreement when results are off by more than TOLERANCE of the largest expected number */
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
