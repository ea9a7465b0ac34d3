// This file has only this import. Chunks that are loaded later import shared code from the chunk that has it, and when that is the
// worker's entry, WebKit evaluates it a second time: two servers would then answer every job.
import './handlers.js';
