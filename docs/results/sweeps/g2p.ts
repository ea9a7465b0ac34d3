// heed sweep docs/results/sweeps/g2p.ts: the models of a table in docs/results.md, each with three seeds.
export default {
  task: 'g2p',
  settings: { preset: 'standard' },
  list: [
    ...['additive', 'dot', 'multiHead', 'none'].map((attention) => ({ attention, steps: 5000 })),
    ...['additive', 'none'].map((attention) => ({ attention, steps: 20_000 })),
  ],
  seeds: [1, 2, 3],
};
