import type { AttentionProblem } from '../../engine/jobs.js';
import type { State } from '../../state/fields.js';
import { tokensOf } from '../../state/tokens.js';

/** What the controls of the view ask for. */
export function problemOf(state: State): AttentionProblem {
  const { mechanism, width, heads, seed, positions, temperature, softCap, causal, window, length } = state;
  return {
    mechanism,
    query: tokensOf(state.query),
    memory: tokensOf(state.memory),
    width,
    heads,
    seed,
    edits: state.edits.map((edit) => ({ ...edit })),
    positions,
    temperature,
    softCap,
    dropout: state.dropout > 0 ? { rate: state.dropout, seed: state.dropoutSeed } : null,
    causal,
    window: window === null ? null : [window[0], window[1]],
    length,
  };
}
