// heed sweep docs/results/sweeps/dates.ts: the models of a table in docs/results.md, each with three seeds.
export default {
  task: 'dates',
  grid: { preset: ['multiHead', 'standard', 'none'] },
  seeds: [1, 2, 3],
};
