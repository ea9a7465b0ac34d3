/** What networks do with texts on the host, without TensorFlow.js: for whoever runs an exported model. */
export { wordParts, type WordPart } from './classifier/word-parts.js';
export { draw } from './language/draw.js';
export { createCodec } from './memory/batch.js';
export { chooseAnswer } from './memory/choose-answer.js';
