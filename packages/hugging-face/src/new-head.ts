import { HeedError, normals, show } from '@heed/base';
import type { Config } from './config.js';
import type { Family } from './families/family.js';
import type { Json } from './files/pretrained-files.js';
import type { Parameter } from './parameters.js';

/** Names of tensors that are of a head, by what they begin with; a model of another head has no use for them. */
const HEADS = /^(cls|lm_head|pooler|classifier|score|qa_outputs|classification_head|pre_classifier|vocab_\w+)\b/;

export const isHead = (name: string): boolean => HEADS.test(name);

/** The name that a tensor of a family has in files of a class. */
export function nameInClass({ prefix, bare = /Model$/ }: Family, architecture: string, name: string): string {
  const isOfBody = !isHead(name) || name.startsWith('pooler.');
  return isOfBody && !bare.test(architecture) ? prefix + name : name;
}

/** What `initializer_range` of transformers is by default. */
const DEVIATION = 0.02;

export interface HeadOptions {
  /** Class of the model, where it is to be another: parts of its head that are lacking begin anew. */
  readonly architecture?: string;
  /** Names of the labels of a classifier; its last layer begins anew where it was of another number of them. */
  readonly labels?: readonly string[];
  /** Seed of what begins anew; 1 by default. */
  readonly seed?: number;
}

/**
 * A configuration of another class, with other labels; the same one where nothing changes.
 *
 * @throws HeedError INVALID_ARGUMENT
 */
export function changedConfig(json: Json, { architecture, labels }: HeadOptions): Json {
  if (labels !== undefined) checkLabels(labels);
  if (architecture === undefined && labels === undefined) return json;
  return {
    ...json,
    ...(architecture !== undefined && {
      architectures: isOf(json, architecture) ? json.architectures : [architecture],
    }),
    ...(labels !== undefined && {
      num_labels: labels.length,
      id2label: Object.fromEntries(labels.map((label, n) => [n, label])),
      label2id: Object.fromEntries(labels.map((label, n) => [label, n])),
    }),
  };
}

const isOf = ({ architectures }: Json, name: string): boolean =>
  Array.isArray(architectures) && architectures[0] === name;

function checkLabels(labels: unknown): void {
  const areNames = Array.isArray(labels) && labels.every((label) => typeof label === 'string');
  if (areNames && labels.length > 0 && new Set(labels).size === labels.length) return;
  throw new HeedError('INVALID_ARGUMENT', {
    message: `labels are ${show(labels)}`,
    hint: 'give their names, each once, in the order of their numbers',
  });
}

/** Has parts of a head begin anew that there are none of, or of another shape: normal weights, biases of 0, gains of 1. */
export function beginHead(
  parameters: readonly Parameter[],
  given: ReadonlyMap<string, { readonly shape: readonly number[] }>,
  config: Config,
  seed: number,
): void {
  for (const parameter of parameters) {
    const { name, shape, size } = parameter;
    const fits = given.get(name)?.shape.join() === shape.join();
    if (!isHead(name) || fits) continue;
    const deviation = config.number('initializer_range', DEVIATION);
    parameter.first = () => {
      if (shape.length === 1) return new Float32Array(size).fill(name.endsWith('weight') ? 1 : 0);
      return normals(size, { seed, stream: 'models', name }).map((value) => value * deviation);
    };
  }
}
