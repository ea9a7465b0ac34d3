export { compareSentences, describeSentence, type Heads, type SentenceDescription } from './describe.js';
export { createSentenceEncoder, loadSentenceEncoder, type SentenceAttention, type SentenceEncoder } from './encoder.js';
export { readSentenceEncoder, type ReadFile, type SentenceEncoderFiles } from './files.js';
export { similarity } from './similarity.js';
export { type Pieces } from './tokenizer.js';
