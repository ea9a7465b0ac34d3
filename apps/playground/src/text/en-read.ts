import type { BackendName } from '../engine/jobs.js';
import type { Into } from '../state/fields.js';
import { percentOf } from '@heed/metrics';

/** Texts of the first view: a model reads a sentence. */
export const enRead = {
  title: 'A model reads a sentence',
  lead: 'A small trained network translates it, one piece after another. Before it writes a piece, it looks back at the sentence: the more it looks at a place, the stronger that is marked. This looking is attention.',
  read: 'What it reads',
  written: 'What it writes',
  look: (piece: string, most: string, weight: number) =>
    `To write “${piece}”, it looks most at “${most}”: ${percentOf(weight)} of its attention.`,
  play: 'Let it read here',
  watch: 'Watch again',
  back: 'Piece before',
  next: 'Next piece',
  kept: 'The model made this reading when this page was built. Press “Let it read here”, or change the sentence, and it is loaded (4.6 MB) and reads in your browser.',
  here: (backend: BackendName, milliseconds: number) =>
    `Read just now in your browser, on ${backend}, in ${Math.round(milliseconds).toLocaleString('en')} ms.`,
  sentence: 'English sentence',
  into: 'Into',
  languages: { fr: 'French', de: 'German', zh: 'Chinese' } satisfies Record<Into, string>,
  example: 'The first sentence',
  map: 'Where it looked',
  note: 'a row for each piece that it wrote, a column for each that it read; rows sum to 1. The mean of its heads',
  nothing: 'The model wrote nothing.',
  limits:
    'It has learnt from the menus and messages of one program, and knows little else. A dot begins a word, ^ says that a capital follows, and the sign at the beginning is the language to write.',
  onward: 'Go on',
  formula: 'How a cell of this map is computed',
  tasks: 'Models of other tasks',
  train: 'Train one in ten seconds',
};
