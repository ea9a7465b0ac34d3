/** Texts of a transformer, step by step. */
export const enBlocks = {
  lead: 'A small transformer that has learnt to write first names, one letter after another. Each place carries a row of numbers, x; every block adds to it what its heads have found in the places before, and what its feed-forward layer makes of that. The last row says what comes next.',
  text: 'Beginning of a name',
  steps: 'Steps of the transformer',
  where: (step: number, steps: number) => `Step ${step} of ${steps}`,
  /** Title of a step. */
  title: {
    embedded: () => 'The vectors of the letters',
    heads: (block: number) => `Block ${block}: where its heads look`,
    attended: (block: number) => `Block ${block}: x, with what the heads add`,
    fed: (block: number) => `Block ${block}: x, with what the feed-forward layer adds`,
    next: () => 'What comes next',
  },
  meaning: {
    embedded:
      'Each letter has a vector that was learnt, its row of V; the first place is the beginning. This is where x starts.',
    heads:
      'Each head compares a query from every place with the keys of the places up to it, turned by how far they are apart, and softmax makes weights of the scores. What is later is masked.',
    attended:
      'The contexts of the heads, end to end, go through Wₒ and are added to x: what was there stays. That is a residual connection.',
    fed: 'A feed-forward layer works on each place by itself, and what it makes is added to x as well.',
    next: 'The last row of x, normalised, is compared with a vector for each letter and for the end; softmax makes probabilities.',
  },
  head: (n: number) => `Head ${n}`,
  x: 'x after this step',
  added: 'What was added',
  place: 'place',
  lens: 'If it had to write now',
  said: 'What it writes next',
};
