// heed sweep docs/results/sweeps/video.ts: the models of a table in docs/results.md, each with three seeds.
export default {
  task: 'video',
  grid: { preset: ['spaceTime', 'none'] },
  seeds: [1, 2, 3],
};
