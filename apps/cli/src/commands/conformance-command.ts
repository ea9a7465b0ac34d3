import { defineCommand } from '../command.js';
import { flag, type FlagsOf } from '../flag.js';
import { BACKEND_FLAGS, COMMON_FLAGS, UNUSED_SEED } from '../shared-flags.js';

const FLAGS = {
  group: flag('<name...>', 'only these groups'),
  case: flag('<id...>', 'only these cases'),
  onnx: flag('<folder>', 'instead, the ONNX backend node tests of Attention and RotaryEmbedding in this folder'),
  vectors: flag('<folder>', 'instead, other people’s numbers in this folder: cases.json, cases.safetensors, states'),
  out: flag('<file>', 'write the report too, as .html to look at or as .json'),
  with: flag('<file...>', 'reports written before, to set beside this one in the page'),
  ...UNUSED_SEED,
  ...BACKEND_FLAGS,
  ...COMMON_FLAGS,
};

export type ConformanceFlags = FlagsOf<typeof FLAGS>;

export const CONFORMANCE = defineCommand({
  usage: 'conformance',
  about: 'Hold a backend against the float64 oracle, case by case. Exit code 3 when a case fails.',
  flags: FLAGS,
  examples: ['heed conformance --backend cpu', 'heed conformance --backend wasm --threads 2'],
  runs: 'on its backend',
  load: async () => (await import('./conformance.js')).conformance,
});
