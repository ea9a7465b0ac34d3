import type { Seq2SeqConfig } from '../src/recurrent/config.js';

const SOURCE_SYMBOLS = ['a', 'b', 'c', 'd'];
const TARGET_SYMBOLS = ['A', 'B', 'C', 'D'];

/** Small enough for tests. */
export function tinyConfig(changes: Partial<Seq2SeqConfig> = {}): Seq2SeqConfig {
  return {
    kind: 'recurrent',
    sourceSymbols: SOURCE_SYMBOLS,
    targetSymbols: TARGET_SYMBOLS,
    seed: 3,
    architecture: 'bahdanau',
    cell: 'gru',
    embeddingWidth: 5,
    encoderUnits: 4,
    encoderLayers: 1,
    bidirectional: true,
    decoderUnits: 6,
    attention: { kind: 'additive', units: 7 },
    inputFeeding: false,
    output: 'maxout',
    outputUnits: 5,
    dropout: 0,
    ...changes,
  };
}

const luong = { architecture: 'luong', output: 'tanh' } as const;
const COVERAGE = { kind: 'coverage', units: 7 } as const;

/** One of each kind of model. */
export const VARIANTS: readonly (readonly [string, Seq2SeqConfig])[] = [
  ["Bahdanau's, GRU, maxout", tinyConfig()],
  ["Bahdanau's, LSTM, tanh", tinyConfig({ cell: 'lstm', output: 'tanh' })],
  [
    "Luong's general, LSTM, input feeding",
    tinyConfig({ ...luong, cell: 'lstm', attention: { kind: 'general' }, inputFeeding: true }),
  ],
  ["Luong's general, GRU", tinyConfig({ ...luong, attention: { kind: 'general' } })],
  [
    "Luong's dot, LSTM, two layers",
    tinyConfig({ ...luong, cell: 'lstm', attention: { kind: 'dot' }, decoderUnits: 8, encoderLayers: 2 }),
  ],
  [
    "Bahdanau's with two heads, one direction",
    tinyConfig({ attention: { kind: 'multiHead', heads: 2 }, bidirectional: false }),
  ],
  ['none, GRU', tinyConfig({ attention: { kind: 'none' } })],
  [
    "none, Luong's, LSTM, input feeding",
    tinyConfig({ ...luong, cell: 'lstm', attention: { kind: 'none' }, inputFeeding: true }),
  ],
  // Of the source's letters, a and b are in the target vocabulary, c and d beyond it.
  [
    'copying with coverage, GRU',
    tinyConfig({ attention: COVERAGE, copying: true, targetSymbols: [...TARGET_SYMBOLS, 'a', 'b'] }),
  ],
  [
    "copying, Luong's general, LSTM",
    tinyConfig({ ...luong, cell: 'lstm', attention: { kind: 'general' }, copying: true }),
  ],
  [
    "coverage, Luong's, LSTM, input feeding",
    tinyConfig({ ...luong, cell: 'lstm', attention: COVERAGE, coverageLoss: 0.5, inputFeeding: true }),
  ],
  ["coverage, Luong's, GRU", tinyConfig({ ...luong, attention: COVERAGE })],
];

export const symbols = (text: string): string[] => [...text];

/** Words with their letters in reverse order, in capitals. */
export const reversed = (text: string): string[] => [...text.toUpperCase()].toReversed();
