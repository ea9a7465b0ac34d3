import type { AttentionProblem, VectorSource } from '../../engine/jobs.js';
import type { State } from '../../state/fields.js';
import { cutOf, tokensOf, type Cut } from '../../state/tokens.js';

/** What the controls of the view ask for. */
export function problemOf(state: State): AttentionProblem {
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

/** A letter is no word, even where it is spelt like one. */
const vectorsOf = ({ vectors }: State, text: string, cut: Cut): VectorSource =>
  cutOf(text, cut) === 'words' ? vectors : 'random';
