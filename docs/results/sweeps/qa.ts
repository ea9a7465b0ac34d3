// heed sweep docs/results/sweeps/qa.ts: the models of a table in docs/results.md, each with three seeds.
export default {
  task: 'qa',
  grid: { preset: ['memory', 'oneHop', 'weak', 'none'] },
  seeds: [1, 2, 3],
};
