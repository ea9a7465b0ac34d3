import type { State } from '../../state/fields.js';

/** Examples to start from; each sets all fields that it depends on. */
const plain = {
  mechanism: 'scaledDotProduct',
  queryCut: 'words',
  memoryCut: 'words',
  vectors: 'words',
  width: 8,
  heads: 2,
  seed: 1,
  positions: false,
  temperature: 1,
  softCap: null,
  dropout: 0,
  causal: false,
  window: null,
  length: null,
  edits: [],
} as const satisfies Partial<State>;

export const EXAMPLES = [
  { ...plain, name: 'self', query: 'the cat sat down', memory: 'the cat sat down' },
  {
    ...plain,
    name: 'find',
    query: 'cat',
    memory: 'two kittens and a cat slept behind the house',
    width: 16,
    temperature: 0.5,
  },
  {
    ...plain,
    name: 'bahdanau',
    mechanism: 'additive',
    query: 'AH T EH N',
    memory: 'attention',
    memoryCut: 'letters',
    vectors: 'random',
  },
  { ...plain, name: 'causal', query: 'one word after another', memory: 'one word after another', causal: true },
  {
    ...plain,
    name: 'heads',
    mechanism: 'multiHead',
    query: 'two heads see more',
    memory: 'two heads see more',
    positions: true,
  },
] as const satisfies readonly (Partial<State> & { readonly name: string })[];
