import { closest, distance } from 'fastest-levenshtein';

/** "Did you mean cpu? There are: cpu, composed" */
export function suggest(name: string, known: readonly string[]): string {
  const all = `there are: ${known.join(', ')}`;
  const near = closest(name.toLowerCase(), known);
  // A name that shares less than half of its letters is not a slip of the fingers.
  return distance(name.toLowerCase(), near) <= near.length / 2 ? `did you mean ${near}? ${all}` : all;
}
