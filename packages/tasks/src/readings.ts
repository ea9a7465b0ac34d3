/** Readings of the tasks by their names, without TensorFlow.js. */
export { reading as dates } from './dates/reading.js';
export { reading as g2p } from './g2p/reading.js';
export { reading as generate } from './generate/reading.js';
export { reading as labels } from './own/labels-reading.js';
export { reading as names } from './names/reading.js';
export { reading as pairs } from './own/pairs-reading.js';
export { reading as qa } from './qa/reading.js';
export { reading as sentiment } from './sentiment/reading.js';
export { reading as spam } from './spam/reading.js';
export { reading as text } from './own/text-reading.js';
export { reading as translate } from './translate/reading.js';
export type { Reading, ReadingSettings, SequenceReading, StoryReading, TextReading, WordReading } from './reading.js';
