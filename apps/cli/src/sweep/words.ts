import { shareOrNumber, words } from '../figures.js';
import { table } from '../table.js';
import type { Settings } from './definition.js';
import type { Mean } from './interval.js';
import type { Plan } from './plan.js';
import { stoppedOf, type Finished, type Standing } from './summary.js';

/** Settings that differ among trainings: 'attention additive, learning rate 0.01'; the task's own where none do. */
export const settingsInWords = (settings: Settings, varied: readonly string[]): string =>
  varied
    .filter((name) => settings[name] !== undefined)
    .map((name) => `${words(name)} ${valueInWords(settings[name])}`)
    .join(', ') || 'as the task has it';

const valueInWords = (value: Settings[string] | undefined): string =>
  value === undefined ? '' : value === true ? 'yes' : Array.isArray(value) ? value.join(' ') : String(value);

/** '13.1 % ± 0.4', or the number alone where there is no interval. */
export function meanInWords(name: string, { mean, half }: Mean): string {
  const write = shareOrNumber(name);
  return half === undefined ? write(mean) : `${write(mean).replace(/ %$/, '')} ± ${write(half)}`;
}

/** 'seed 2 at step 200'. */
export const stoppedInWords = (finished: readonly Finished[]): string =>
  stoppedOf(finished)
    .map(({ seed, step }) => `seed ${seed} at step ${step}`)
    .join(', ');

/** The settings as a table, the best first, with what differs in columns of its own. */
export function standingsTable({ varied, target }: Plan, found: readonly Standing[]): string {
  const areStopped = found.some(({ finished }) => stoppedOf(finished).length > 0);
  const rows = found.map(({ settings, seeds, target: mean, finished }) => [
    ...varied.map((name) => valueInWords(settings[name])),
    String(seeds.length),
    mean === undefined ? '–' : meanInWords(target.figure, mean),
    ...(areStopped ? [stoppedInWords(finished)] : []),
  ]);
  return table([[...varied.map(words), 'seeds', words(target.figure), ...(areStopped ? ['stopped'] : [])], ...rows]);
}
