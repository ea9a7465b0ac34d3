import { fileURLToPath } from 'node:url';

/** The models that this package ships, by the names of their tasks. */
export const MODEL_NAMES = ['g2p'] as const;

/** The folder of a model, which is a run's: for `openRun` of `@heed/seq2seq/node`. */
export const modelFolder = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));
