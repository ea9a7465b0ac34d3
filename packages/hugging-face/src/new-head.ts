import { normals } from '@heed/base';
import type { Config } from './config.js';
import type { Family } from './families/family.js';
import type { StoredTensors } from './files/stored-weights.js';
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

/** A configuration of another class, with other labels. */
export const changedConfig = (json: Json, architecture?: string, labels?: readonly string[]): Json => ({
  ...json,
  ...(architecture !== undefined && { architectures: [architecture] }),
  ...(labels !== undefined && {
    num_labels: labels.length,
    id2label: Object.fromEntries(labels.map((label, n) => [n, label])),
    label2id: Object.fromEntries(labels.map((label, n) => [label, n])),
  }),
});

/** Has parts of a head begin anew that the files haven't, or have in another shape: normal weights, biases of 0, gains of 1. */
export function beginHead(parameters: readonly Parameter[], stored: StoredTensors, config: Config, seed: number): void {
  for (const parameter of parameters) {
    const { name, shape, size } = parameter;
    const fits = stored.get(name)?.shape.join() === shape.join();
    if (!isHead(name) || fits) continue;
    const deviation = config.number('initializer_range', DEVIATION);
    parameter.first = () => {
      if (shape.length === 1) return new Float32Array(size).fill(name.endsWith('weight') ? 1 : 0);
      return normals(size, { seed, stream: 'models', name }).map((value) => value * deviation);
    };
  }
}
