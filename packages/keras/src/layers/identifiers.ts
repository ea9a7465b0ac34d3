import { serialization } from '@tensorflow/tfjs-core';
import type { constraints, initializers, regularizers } from '@tensorflow/tfjs-layers';
import { checkName } from '@heed/base';

export type Initializer = ReturnType<typeof initializers.ones>;
export type Regularizer = ReturnType<typeof regularizers.l1l2>;
export type Constraint = ReturnType<typeof constraints.nonNeg>;

/** A thing of TensorFlow.js by what names it: itself, its name, or its class with a configuration. */
export type Identifier<T> = T | string | { readonly className: string; readonly config?: serialization.ConfigDict };

/** Classes of Keras where TensorFlow.js has others, which take another configuration. */
const OTHERS: Readonly<Record<string, readonly [className: string, fallbacks: serialization.ConfigDict]>> = {
  L1: ['L1L2', { l1: 0.01, l2: 0 }],
  L2: ['L1L2', { l1: 0, l2: 0.01 }],
  L1L2: ['L1L2', { l1: 0, l2: 0 }],
  L1l2: ['L1L2', {}],
  LecunNormal: ['LeCunNormal', {}],
  LecunUniform: ['LeCunUniform', {}],
};

const by =
  <T extends serialization.Serializable>(what: string) =>
  (given: Identifier<T> | null | undefined): T | undefined => {
    if (given === undefined || given === null) return undefined;
    if (typeof given === 'object' && 'getConfig' in given) return given;
    const asked = pascal(typeof given === 'string' ? given : given.className);
    const known = serialization.SerializationMap.getMap().classNameMap;
    const [className, fallbacks] = OTHERS[asked] ?? [asked, {}];
    const [cls, fromConfig] = known[checkName(what, className, Object.keys(known))];
    return fromConfig(cls, { ...fallbacks, ...(typeof given === 'string' ? {} : ours(given.config ?? {})) }) as T;
  };

/** A configuration with TensorFlow.js's words for modes and distributions in place of Keras's. */
const ours = (config: serialization.ConfigDict): serialization.ConfigDict =>
  Object.fromEntries(
    Object.entries(config).map(([key, value]) => {
      if (value === 'untruncated_normal') return [key, 'normal'];
      return [
        key,
        typeof value === 'string' ? value.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()) : value,
      ];
    }),
  );

/** 'glorot_uniform' and 'glorotUniform' as the name of a class. */
const pascal = (name: string): string =>
  name.replace(/(?:^|_)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** @throws HeedError UNKNOWN_NAME */
export const initializerBy = by<Initializer>('initializer');
/** @throws HeedError UNKNOWN_NAME */
export const regularizerBy = by<Regularizer>('regularizer');
/** @throws HeedError UNKNOWN_NAME */
export const constraintBy = by<Constraint>('constraint');

/** A thing as part of a configuration, from which `…By` makes it again; null for none. */
export function identified(thing: serialization.Serializable | undefined): serialization.ConfigDictValue {
  return thing === undefined ? null : { className: thing.getClassName(), config: thing.getConfig() };
}
