export type {
  Dataset,
  DatasetSummary,
  LoadOptions,
  PackageReader,
  SequenceDataset,
  SequenceExample,
} from './dataset.js';
export { loadG2p, parseWord, type G2pOptions } from './g2p.js';
export { packageFiles } from './package-files.js';
export { normalizeText } from './text/normalize.js';
export { loadNames, type NamesOptions } from './text/names.js';
export { loadSotu, type SotuOptions } from './text/sotu.js';
export type { TextDataset, TextExample } from './text/text.js';
