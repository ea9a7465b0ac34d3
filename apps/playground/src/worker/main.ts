// Nothing but this import: chunks that are loaded later import what they share from the chunk that has it, and WebKit evaluates a
// worker's entry a second time when somebody imports it. Two servers would then answer every job.
import './handlers.js';
