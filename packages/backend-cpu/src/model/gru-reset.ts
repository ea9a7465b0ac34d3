import type { Passes } from './passes.js';
import { sigmoid } from './sigmoid.js';

export const gruReset: Passes<'gruReset'> = (engine) => ({
  forward({ terms, state }) {
    const [batch, units] = state.shape as [number, number];
    const previous = engine.floats(state);
    const sums = terms.map((term) => engine.floats(term));
    const opened = new Float32Array(batch * 2 * units);
    const gates = new Float32Array(batch * 2 * units);
    for (let b = 0; b < batch; b++) {
      for (let u = 0; u < units; u++) {
        const at = b * 2 * units + u;
        let ar = 0;
        let az = 0;
        for (const sum of sums) {
          ar += sum[at];
          az += sum[at + units];
        }
        const r = sigmoid(ar);
        const z = sigmoid(az);
        opened[at] = r * previous[b * units + u];
        opened[at + units] = z;
        gates[at] = r;
        gates[at + units] = z;
      }
    }
    const shape = [batch, 2 * units];
    return { opened: engine.output(shape, opened), gates: engine.output(shape, gates) };
  },

  backward({ state, gates: saved, dOpened: dOutput }) {
    const [batch, units] = state.shape as [number, number];
    const [previous, gates, dOpened] = [state, saved, dOutput].map((tensor) => engine.floats(tensor));
    const dTerms = new Float32Array(batch * 2 * units);
    const dState = new Float32Array(batch * units);
    for (let b = 0; b < batch; b++) {
      for (let u = 0; u < units; u++) {
        const at = b * 2 * units + u;
        const n = b * units + u;
        const r = gates[at];
        const z = gates[at + units];
        dTerms[at] = dOpened[at] * previous[n] * r * (1 - r);
        dTerms[at + units] = dOpened[at + units] * z * (1 - z);
        dState[n] = dOpened[at] * r;
      }
    }
    return { dTerms: engine.output(saved.shape, dTerms), dState: engine.output(state.shape, dState) };
  },
});
