import { selectBackend, type AttentionBackend } from '@heed/core';
import type { Output } from '../host.js';
import { significant } from '../io/numbers.js';
import { differ, difference, timingOf, type Timing } from '../timing.js';

/** What takes turns with others. */
export interface Contender {
  readonly backend: AttentionBackend;
  /** Works once on its backend, which is in place, and says how many milliseconds it took. */
  turn(): Promise<number>;
}

/**
 * Times of contenders that take turns; rounds rotate who is first, and the one in which compilers settle doesn't count.
 *
 * @param rounds that count
 */
export async function takeTurns(
  output: Output,
  title: string,
  contenders: readonly Contender[],
  rounds: number,
): Promise<Timing[]> {
  const times = contenders.map((): number[] => []);
  const turns = contenders.length * (rounds + 1);
  for (let turn = 0; turn < turns; turn++) {
    const round = Math.floor(turn / contenders.length);
    const n = (round + turn) % contenders.length;
    await enter(contenders[n].backend);
    const ms = await contenders[n].turn();
    if (round > 0) times[n].push(ms);
    output.progress({ done: turn + 1, total: turns, unit: 'turn', notes: [title] });
  }
  output.endProgress();
  return times.map(timingOf);
}

/** Puts a backend in place again that was made before: two of them may be on one engine. */
export async function enter(backend: AttentionBackend): Promise<void> {
  const { name } = backend;
  await selectBackend({ name, unavailableReasons: async () => [], create: async () => backend });
}

/** The fastest of some. */
export const fastestOf = (times: readonly Timing[]): Timing => times.toSorted((a, b) => a.ms - b.ms)[0];

/** How a time compares with the fastest, for people. */
export function beside(time: Timing, fastest: Timing, { paint }: Output): string {
  if (time === fastest) return paint.green('fastest');
  if (differ(time, fastest)) return `${significant(time.ms / fastest.ms, 2)}× the fastest`;
  return difference(time, fastest);
}
