import { captioner } from './captioner/kind.js';
import { classifier } from './classifier/kind.js';
import { language } from './language/kind.js';
import { memory } from './memory/kind.js';
import { recurrent } from './recurrent/kind.js';
import { transformer } from './transformer/kind.js';

/** Every network of this package, for runs and files. */
export const NETWORKS = [recurrent, transformer, classifier, memory, language, captioner] as const;

/** One of them. */
export type KnownNetwork = (typeof NETWORKS)[number];
