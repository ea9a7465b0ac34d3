import type { Passes } from './passes.js';

export const gruUpdate: Passes<'gruUpdate'> = (engine) => ({
  forward({ terms, opened, state }, { active }) {
    const [batch, units] = state.shape as [number, number];
    const [update, previous] = [opened, state].map((tensor) => engine.floats(tensor));
    const sums = terms.map((term) => engine.floats(term));
    const next = new Float32Array(batch * units);
    const candidate = new Float32Array(batch * units);
    for (let b = 0; b < batch; b++) {
      if (active?.[b] === 0) {
        next.set(previous.subarray(b * units, (b + 1) * units), b * units);
        continue;
      }
      for (let u = 0; u < units; u++) {
        const n = b * units + u;
        let a = 0;
        for (const sum of sums) a += sum[n];
        const proposed = Math.tanh(a);
        candidate[n] = proposed;
        next[n] = previous[n] + update[b * 2 * units + units + u] * (proposed - previous[n]);
      }
    }
    return { next: engine.output(state.shape, next), candidate: engine.output(state.shape, candidate) };
  },

  backward({ opened, state, candidate: saved, dNext: dOutput }, { active }) {
    const [batch, units] = state.shape as [number, number];
    const [update, previous, candidate, dNext] = [opened, state, saved, dOutput].map((tensor) => engine.floats(tensor));
    const dTerms = new Float32Array(batch * units);
    const dOpened = new Float32Array(batch * 2 * units);
    const dState = new Float32Array(batch * units);
    for (let b = 0; b < batch; b++) {
      if (active?.[b] === 0) {
        dState.set(dNext.subarray(b * units, (b + 1) * units), b * units);
        continue;
      }
      for (let u = 0; u < units; u++) {
        const n = b * units + u;
        const z = update[b * 2 * units + units + u];
        const proposed = candidate[n];
        dTerms[n] = dNext[n] * z * (1 - proposed * proposed);
        dOpened[b * 2 * units + units + u] = dNext[n] * (proposed - previous[n]);
        dState[n] = dNext[n] * (1 - z);
      }
    }
    return {
      dTerms: engine.output(state.shape, dTerms),
      dOpened: engine.output(opened.shape, dOpened),
      dState: engine.output(state.shape, dState),
    };
  },
});
