import { FIELDS, type SOURCES, type State } from './fields.js';

const OF_WORDS = [
  'trainSeed',
  'trainAttention',
  'trainArchitecture',
  'trainUnits',
  'trainSteps',
  'trainBatch',
  'trainRate',
  'trainWord',
] as const satisfies readonly (keyof State)[];

/**
 * What the training view learns from: what the reader has chosen, and else a toy. Links with settings of a training on words are older than
 * the choice, and mean words.
 */
export function trainSource(state: State): (typeof SOURCES)[number] {
  if (state.trainSource !== null) return state.trainSource;
  return OF_WORDS.some((name) => state[name] !== FIELDS[name].fallback) ? 'words' : 'toy';
}
