import { isObject } from '../files/pretrained-files.js';
import type { Config } from '../config.js';

/** Names of a classifier's labels by their numbers; `LABEL_0`, … where the configuration has none. */
export function labelNames(config: Config): readonly string[] {
  const { id2label } = config.json;
  const named = isObject(id2label) ? Object.entries(id2label) : [];
  const count = named.length > 0 ? named.length : config.size('num_labels', DEFAULT_LABELS);
  const names = Array.from({ length: count }, (_, n) => `LABEL_${n}`);
  for (const [id, label] of named) if (Number(id) in names) names[Number(id)] = String(label);
  return names;
}

/** As many as transformers takes where nothing is said. */
const DEFAULT_LABELS = 2;

export const labelsOf = (config: Config): number => labelNames(config).length;
