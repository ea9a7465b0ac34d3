import type { Toy } from '../engine/jobs.js';

/** Texts of the toy tasks. */
export const enToy = {
  lead: 'A tiny model learns here, from nothing, to write a row of letters anew. Press Play: within seconds its attention finds the letter that it has to write.',
  choose: 'What it learns',
  names: { copy: 'Copy', reverse: 'Reverse', sort: 'Sort' } satisfies Record<Toy, string>,
  /** What its map looks like when it has learnt. */
  looks: {
    copy: 'To copy, each letter written looks at the one in the same place: a diagonal.',
    reverse: 'To reverse, the first letter written looks at the last one read: the other diagonal.',
    sort: 'To sort, each letter written looks wherever the next one of the alphabet stands.',
  } satisfies Record<Toy, string>,
  play: 'Play',
  pause: 'Pause',
  step: 'One step',
  again: 'Start over, with other letters',
  map: 'Attention',
  at: (step: number, steps: number) => `after step ${step} of ${steps}`,
  written: 'written',
  read: 'read',
  source: 'It reads',
  target: 'It should write',
  output: 'It writes',
  nothing: '(nothing)',
  aligned: (share: string) => `${share} of its attention is on the right letter`,
  right: (share: string) => `${share} of rows it never saw are written right`,
  loss: (loss: string) => `Loss ${loss}`,
  done: 'It has learnt all that it will here.',
  loading: 'Making the model',
};
