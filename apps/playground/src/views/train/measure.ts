import { lookUp } from '../../text/look-up.js';

/** What is drawn beside the loss: the figure of an evaluation that says how much is still wrong. */
export type Measure = 'sounds' | 'symbols' | 'labels' | 'bits';

/** The measure of a task, by its name; a share but for 'bits'. */
export const measureOf = (task: string): Measure => lookUp(MEASURES, task) ?? 'symbols';

const MEASURES: Readonly<Record<string, Measure>> = { g2p: 'sounds', labels: 'labels', text: 'bits' };

/** Value of a measure in the figures of an evaluation; undefined where they lack it. */
export function valueOf(measure: Measure, figures: Readonly<Record<string, number>>): number | undefined {
  if (measure === 'bits') return figures['bitsPerCharacter'];
  if (measure !== 'labels') return figures['tokenErrorRate'];
  const accuracy = figures['accuracy'];
  return accuracy === undefined ? undefined : 1 - accuracy;
}
