// heed sweep docs/results/sweeps/sentiment.ts: the models of a table in docs/results.md, each with three seeds.
export default {
  task: 'sentiment',
  grid: { preset: ['attentive', 'attentiveBag', 'last', 'mean', 'bag'] },
  seeds: [1, 2, 3],
};
