import { HeedError } from '@heed/core';
import { classifier } from './classifier/kind.js';
import { language } from './language/kind.js';
import { memory } from './memory/kind.js';
import { recurrent } from './recurrent/kind.js';
import { transformer } from './transformer/kind.js';
import type { ModelKind, Trainable } from './training/trainable.js';

/** Every kind of model that runs and files know. */
const KINDS = { recurrent, transformer, classifier, memory, language };

type Kinds = typeof KINDS;
export type KindName = keyof Kinds;
export type ConfigOf<K extends KindName = KindName> = ReturnType<Kinds[K]['parse']>;
/** A model of that kind. */
export type ModelOf<K extends KindName = KindName> = ReturnType<Kinds[K]['create']>;
/** What a model of that kind is trained and evaluated on. */
export type ExampleOf<K extends KindName = KindName> = Parameters<Kinds[K]['items']>[0];

/**
 * The kind that a configuration names.
 *
 * @throws HeedError CONFIG_INVALID
 */
export function kindOf(config: unknown): ModelKind {
  const name = typeof config === 'object' && config !== null && 'kind' in config ? config.kind : undefined;
  if (typeof name === 'string' && Object.hasOwn(KINDS, name)) return KINDS[name as KindName] as unknown as ModelKind;
  throw new HeedError('CONFIG_INVALID', {
    message: `model: 'kind' is ${typeof name === 'string' ? JSON.stringify(name.slice(0, 80)) : 'no text'}, and there is no such kind of model`,
    hint: `kinds are: ${Object.keys(KINDS).join(', ')}`,
    details: { kind: typeof name === 'string' ? name : null, known: Object.keys(KINDS) },
  });
}

/**
 * A configuration of any kind, checked.
 *
 * @throws HeedError CONFIG_INVALID
 */
export const parseModelConfig = (value: unknown): ConfigOf => kindOf(value).parse(value) as ConfigOf;

/**
 * The model is of the kind that the caller can use.
 *
 * @throws HeedError CHECKPOINT_INVALID, and the model is disposed
 */
export function ofKind<K extends KindName>(model: Trainable, kind: K | undefined): ModelOf<K> {
  if (kind === undefined || model.config.kind === kind) return model as unknown as ModelOf<K>;
  model.dispose();
  throw new HeedError('CHECKPOINT_INVALID', {
    message: `this is a ${model.config.kind} model, and a ${kind} one is wanted`,
    hint: 'it was made for another task',
    details: { kind: model.config.kind, wanted: kind },
  });
}
