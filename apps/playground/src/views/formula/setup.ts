import type { AttentionSetup, VectorSource } from '../../engine/jobs.js';
import type { State } from '../../state/fields.js';
import { cutOf, tokensOf, type Cut } from '../../state/tokens.js';

/** Inputs of the job `attend` that the controls of the view describe. */
export function setupOf(state: State): AttentionSetup {
  const { mechanism, width, heads, seed, positions, temperature, softCap, causal, window, length } = state;
  return {
    mechanism,
    query: tokensOf(state.query, state.queryCut).tokens,
    memory: tokensOf(state.memory, state.memoryCut).tokens,
    queryVectors: vectorsOf(state, state.query, state.queryCut),
    memoryVectors: vectorsOf(state, state.memory, state.memoryCut),
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

/** Source of a text's vectors. A single letter has a random one, even if it is also a word. */
const vectorsOf = ({ vectors }: State, text: string, cut: Cut): VectorSource =>
  cutOf(text, cut) === 'words' ? vectors : 'random';
