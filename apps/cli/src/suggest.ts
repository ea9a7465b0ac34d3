import { closest, distance } from 'fastest-levenshtein';

/** "Did you mean cpu? There are: cpu, composed" */
export function suggest(name: string, known: readonly string[]): string {
  const all = `there are: ${known.join(', ')}`;
  const near = nearest(name, known);
  return near === undefined ? all : `did you mean ${near}? ${all}`;
}

/** The hint for a command that there isn't: "did you mean train?", of a model's name "did you mean heed run g2p?" */
export function suggestCommand(name: string, commands: readonly string[], runnable: readonly string[]): string {
  const near = nearest(name, commands);
  const model = near === undefined ? nearest(name, runnable) : undefined;
  return model === undefined
    ? suggest(name, commands)
    : `did you mean heed run ${model}? commands are: ${commands.join(', ')}`;
}

/** What may have been meant. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const near = closest(name.toLowerCase(), known);
  // A name that shares less than half of its letters is not a slip of the fingers.
  return distance(name.toLowerCase(), near) <= near.length / 2 ? near : undefined;
}
