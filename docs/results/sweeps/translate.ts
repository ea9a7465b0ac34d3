// heed sweep docs/results/sweeps/translate.ts: the models of a table in docs/results.md, each with three seeds.
export default {
  task: 'translate',
  grid: { preset: ['transformer', 'attention', 'plain', 'none'] },
  seeds: [1, 2, 3],
};
