import type { State } from '../state/fields.js';
import { EXAMPLES } from '../views/formula/examples.js';

const [{ name: _name, ...sentence }] = EXAMPLES;
const ofFormula = { view: 'formula', mode: 'attention', ...sentence } as const satisfies Partial<State>;

/** Steps of the tour: what the page shows, and the element that a step is about. */
export const STEPS = {
  read: { shows: { view: 'read', sentence: null, into: null, sentenceOff: [] }, about: '#view-read .reading' },
  whole: { shows: { view: 'read', sentence: null, into: null, sentenceOff: [] }, about: '#view-read figure' },
  map: { shows: { ...ofFormula, cell: null }, about: '#view-formula .maps ~ .maps figure' },
  cell: { shows: { ...ofFormula, cell: [1, 2] }, about: '#view-formula .worked' },
  formula: { shows: { ...ofFormula, cell: [1, 2] }, about: '#view-formula .formula' },
} as const satisfies Readonly<Record<string, { readonly shows: Partial<State>; readonly about: string }>>;

export type TourStep = keyof typeof STEPS;
export const TOUR = Object.keys(STEPS) as readonly TourStep[];
