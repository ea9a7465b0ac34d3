import { HeedError } from '@heed/base';
import type { Config } from '../config.js';
import { bart, marian } from './bart.js';
import { bert } from './bert.js';
import { clip } from './clip.js';
import { distilbert } from './distilbert.js';
import type { Family } from './family.js';
import { gemma, gemma2, gemma3 } from './gemma.js';
import { gptOss } from './gpt-oss.js';
import { gpt2 } from './gpt2.js';
import { pairs } from './pairs.js';
import { roberta } from './roberta.js';
import { t5 } from './t5.js';
import { vit } from './vit.js';
import { whisper } from './whisper.js';
import { llama, mistral, qwen2, qwen3 } from './llama.js';

const FAMILIES: readonly Family[] = [
  bert,
  roberta,
  distilbert,
  gpt2,
  llama,
  mistral,
  qwen2,
  qwen3,
  gemma,
  gemma2,
  gemma3,
  gptOss,
  t5,
  bart,
  marian,
  vit,
  clip,
  whisper,
  pairs,
];

/** Classes of models that can be loaded, by the names that transformers has for them. */
export const ARCHITECTURES: readonly string[] = architecturesOf(FAMILIES);

function architecturesOf(families: readonly Family[]): readonly string[] {
  return families.flatMap(({ classes }) => Object.keys(classes));
}

/**
 * The family and the class of a configuration.
 *
 * @param others families besides those of Heed, which come first
 * @throws HeedError UNKNOWN_NAME, with the names that are known; CONFIG_INVALID without any
 */
export function findArchitecture(
  config: Config,
  others: readonly Family[] = [],
): { readonly family: Family; readonly architecture: string } {
  const families = [...others, ...FAMILIES];
  const [architecture] = config.texts('architectures');
  for (const family of families) {
    if (architecture !== undefined && Object.hasOwn(family.classes, architecture)) return { family, architecture };
  }
  throw new HeedError('UNKNOWN_NAME', {
    message: `${config.what}: architectures are ${JSON.stringify(config.json.architectures)}, which is not known`,
    hint: `the known ones are ${architecturesOf(families).join(', ')}; families of your own are given as { families: [mine] }`,
    details: { architectures: config.json.architectures },
  });
}
