import { median, medianInterval, rounded } from '../statistics.js';

/** One of the systems that compute the same. */
export interface Contender {
  readonly name: string;
  /** Called before each of its turns, untimed. */
  enter?(): Promise<void>;
  /** Computes once, and hands over what came out, so that it can't be skipped. */
  run(): Promise<readonly Float32Array[]>;
}

export interface Standing {
  readonly system: string;
  /** Median of the rounds, milliseconds a run, and the fastest and slowest round. */
  readonly ms: number;
  readonly range: readonly [number, number];
  readonly rounds: readonly number[];
  /** Median over rounds of this system's time by the first system's, with its 95 % interval. */
  readonly ratio: number;
  readonly interval: readonly [number, number];
}

/** Long enough to average over what a scheduler does. */
const LEAST_TIME = 60; // ms
/** Both are float32 and sum in different orders; what isn't the same computation is off by far more. */
const TOLERANCE = 1e-4;

/**
 * Lets systems take turns, round by round in a rotating order, after checking that all give what the first gives.
 *
 * @param between called once a round, for what else is to be measured under the same conditions
 * @throws Disagreement
 */
export async function contest(
  contenders: readonly Contender[],
  rounds: number,
  between?: () => void,
): Promise<readonly Standing[]> {
  let expected: readonly Float32Array[] | undefined;
  for (const { name, enter, run } of contenders) {
    await enter?.();
    for (let warmUp = 0; warmUp < 2; warmUp++) await run();
    const results = (await run()).map((values) => values.slice());
    expected ??= results;
    checkAgreement(name, expected, results);
  }
  const times = contenders.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const n = (round + turn) % contenders.length;
      const { enter, run } = contenders[n]!;
      await enter?.();
      await run();
      times[n]!.push(await timeOf(run));
    }
    between?.();
  }
  return contenders.map(({ name }, n) => {
    const own = times[n]!;
    const ratios = own.map((ms, round) => ms / times[0]![round]!);
    return {
      system: name,
      ms: rounded(median(own)),
      rounds: own.map(rounded),
      range: [rounded(Math.min(...own)), rounded(Math.max(...own))],
      ratio: rounded(median(ratios)),
      interval: medianInterval(ratios).map(rounded) as [number, number],
    };
  });
}

async function timeOf(run: Contender['run']): Promise<number> {
  const start = performance.now();
  let runs = 0;
  let elapsed: number;
  do {
    await run();
    runs++;
    elapsed = performance.now() - start;
  } while (elapsed < LEAST_TIME);
  return elapsed / runs;
}

/** Two systems gave different results: to compare their times would mean nothing. */
export class Disagreement extends Error {}

function checkAgreement(name: string, expected: readonly Float32Array[], results: readonly Float32Array[]): void {
  if (results.length !== expected.length) throw new Disagreement(`${name}: ${results.length} results`);
  for (const [n, values] of results.entries()) {
    const others = expected[n]!;
    const size = others.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    const wrong = values.findIndex((x, i) => !(Math.abs(x - others[i]!) <= TOLERANCE * size));
    if (values.length !== others.length || wrong >= 0) {
      throw new Disagreement(`${name}: result ${n} differs, at ${wrong}: ${values[wrong]} and ${others[wrong]}`);
    }
  }
}
