import type { Passes } from './passes.js';
import { sigmoid } from './sigmoid.js';

export const lstmGates: Passes<'lstmGates'> = (engine) => ({
  forward({ terms, state }, { active }) {
    const [batch, width] = state.shape as [number, number];
    const units = width / 2;
    const previous = engine.floats(state);
    const sums = terms.map((term) => engine.floats(term));
    const next = new Float32Array(batch * width);
    const gates = new Float32Array(batch * units * 5);
    for (let b = 0; b < batch; b++) {
      const at = b * width;
      if (active?.[b] === 0) {
        next.set(previous.subarray(at, at + width), at);
        continue;
      }
      for (let u = 0; u < units; u++) {
        const from = b * 4 * units + u;
        let ai = 0;
        let af = 0;
        let ag = 0;
        let ao = 0;
        for (const sum of sums) {
          ai += sum[from];
          af += sum[from + units];
          ag += sum[from + 2 * units];
          ao += sum[from + 3 * units];
        }
        const i = sigmoid(ai);
        const f = sigmoid(af);
        const g = Math.tanh(ag);
        const o = sigmoid(ao);
        const cell = f * previous[at + units + u] + i * g;
        const squashed = Math.tanh(cell);
        next[at + u] = o * squashed;
        next[at + units + u] = cell;
        const saved = b * 5 * units + u;
        gates[saved] = i;
        gates[saved + units] = f;
        gates[saved + 2 * units] = g;
        gates[saved + 3 * units] = o;
        gates[saved + 4 * units] = squashed;
      }
    }
    return { next: engine.output(state.shape, next), gates: engine.output([batch, 5 * units], gates) };
  },

  backward({ state, gates: saved, dNext: dOutput }, { active }) {
    const [batch, width] = state.shape as [number, number];
    const units = width / 2;
    const [previous, gates, dNext] = [state, saved, dOutput].map((tensor) => engine.floats(tensor));
    const dTerms = new Float32Array(batch * 4 * units);
    const dState = new Float32Array(batch * width);
    for (let b = 0; b < batch; b++) {
      const at = b * width;
      if (active?.[b] === 0) {
        dState.set(dNext.subarray(at, at + width), at);
        continue;
      }
      for (let u = 0; u < units; u++) {
        const from = b * 5 * units + u;
        const i = gates[from];
        const f = gates[from + units];
        const g = gates[from + 2 * units];
        const o = gates[from + 3 * units];
        const squashed = gates[from + 4 * units];
        const dh = dNext[at + u];
        const dc = dNext[at + units + u] + dh * o * (1 - squashed * squashed);
        const to = b * 4 * units + u;
        dTerms[to] = dc * g * i * (1 - i);
        dTerms[to + units] = dc * previous[at + units + u] * f * (1 - f);
        dTerms[to + 2 * units] = dc * i * (1 - g * g);
        dTerms[to + 3 * units] = dh * squashed * o * (1 - o);
        dState[at + units + u] = dc * f;
      }
    }
    return { dTerms: engine.output([batch, 4 * units], dTerms), dState: engine.output(state.shape, dState) };
  },
});
