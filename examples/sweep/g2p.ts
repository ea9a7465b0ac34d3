// heed sweep examples/sweep/g2p.ts: which of two mechanisms, and how fast, where words are learnt for a few minutes.
export default {
  task: 'g2p',
  settings: { preset: 'small', steps: 300 },
  grid: { attention: ['additive', 'general'], learningRate: [0.003, 0.01] },
  seeds: [1, 2, 3],
  minimise: 'tokenErrorRate',
};
