// heed sweep docs/results/sweeps/spam.ts: the models of a table in docs/results.md, each with three seeds.
export default {
  task: 'spam',
  grid: { preset: ['hierarchical', 'mean', 'last', 'bag'] },
  seeds: [1, 2, 3],
};
