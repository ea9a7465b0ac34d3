import { HeedError } from './errors.js';
import { nearestName } from './options.js';

/**
 * One of the names that are known. Whatever is found by a name (tasks, presets, backends, mechanisms, models …) is found by way
 * of this, so that a slip gets the same answer everywhere.
 *
 * @param what   what has such names, in the singular: 'task', 'preset'
 * @param given  the name that somebody gave, of which nothing is known
 * @throws HeedError UNKNOWN_NAME: `there is no task "gp2"`, with the nearest name and all there are
 */
export function checkName<Name extends string>(what: string, given: unknown, known: readonly Name[]): Name {
  const name = known.find((one) => one === given);
  if (name !== undefined) return name;
  throw new HeedError('UNKNOWN_NAME', {
    message: `there is no ${what} ${JSON.stringify(given)}`,
    hint: nameHint(String(given), known),
    details: { given, known },
  });
}

/** What may have been meant: "did you mean cpu? there are: cpu, composed". */
export function nameHint(given: string, known: readonly string[]): string {
  const nearest = nearestName(given, known);
  const all = known.length === 0 ? 'there are none' : `there are: ${known.join(', ')}`;
  return nearest === undefined ? all : `did you mean ${nearest}? ${all}`;
}
