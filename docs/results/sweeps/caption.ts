// heed sweep docs/results/sweeps/caption.ts: the models of a table in docs/results.md, each with three seeds.
export default {
  task: 'caption',
  grid: { preset: ['adaptive', 'none'] },
  seeds: [1, 2, 3],
};
