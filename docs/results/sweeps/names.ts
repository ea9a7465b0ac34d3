// heed sweep docs/results/sweeps/names.ts: the models of a table in docs/results.md, each with three seeds.
export default {
  task: 'names',
  grid: { preset: ['transformer', 'lstm', 'lstmAttention'] },
  seeds: [1, 2, 3],
};
