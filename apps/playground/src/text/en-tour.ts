import type { TourStep } from '../tour/steps.js';

/** Texts of the tour. */
export const enTour = {
  label: 'Tour',
  offer: 'New here? In a minute, a tour leads from what a trained model looks at to the formula behind a single cell.',
  start: 'Take the tour',
  no: 'No, thanks',
  where: (step: number, steps: number) => `${step} of ${steps}`,
  back: 'Back',
  next: 'Next',
  leave: 'Leave the tour',
  done: 'Done',
  steps: {
    read: 'A trained model translates a sentence. It writes one piece after another, and before each it looks back at the sentence. What is marked is where it looked for the piece that is framed below: choose another piece.',
    whole:
      'All its looks are one map: a row for each piece that it wrote, a column for each that it read. A row says how the model shares out its look, and the lighter a cell, the more of it lies there.',
    map: 'This is how such a map is made. Each word on the left asks, each word at the top is asked, and a row of weights says how the answer is shared out: a row sums to 1.',
    cell: 'These are the numbers behind one of its cells. Two words’ vectors are multiplied, term by term, and added up: the score. Softmax turns a row of scores into its weights.',
    formula:
      'And this is all of it as a formula: scores e, weights α, and the context c, the mean that the model goes on with. Point at a symbol, and its part lights up. In the view Train you can watch a model learn where to look.',
  } satisfies Record<TourStep, string>,
};
