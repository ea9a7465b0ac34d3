import { short } from './numbers.js';

/** Texts of two attentions side by side. */
export const enBeside = {
  title: 'Side by side',
  with: 'Side by side with',
  nothing: 'nothing',
  mechanism: 'Another mechanism',
  backend: 'Another backend',
  ofMechanisms:
    'The same words, vectors, masks and settings. What parameters the second mechanism has are drawn from the same seed; changes of parameters are the first one’s alone.',
  ofBackends: 'The same attention, computed once more by the other backend.',
  weights: (name: string) => `Weights α, ${name}`,
  difference: (second: string, first: string) => `${second} minus ${first}`,
  note: 'above 0 where the second looks more, below where the first does',
  most: (most: number) =>
    most === 0 ? 'The weights are the same, to the last bit.' : `The weights differ by at most ${short(most)}.`,
};
