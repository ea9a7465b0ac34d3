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
