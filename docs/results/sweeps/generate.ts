// heed sweep docs/results/sweeps/generate.ts: the models of a table in docs/results.md, each with three seeds.
export default {
  task: 'generate',
  grid: { preset: ['transformer', 'lstm', 'lstmAttention'] },
  seeds: [1, 2, 3],
};
