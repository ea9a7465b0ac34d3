import { HeedError, suggestion } from '@heed/base';
import { constraints, initializers, regularizers } from '@tensorflow/tfjs-layers';
import { isObject, type Json } from '../files/read-json.js';
import type { Initializer } from './initializer.js';
import { orthogonal } from './orthogonal.js';

type Regularizer = ReturnType<typeof regularizers.l2>;
type Constraint = ReturnType<typeof constraints.nonNeg>;

type Table<Made> = Readonly<Record<string, (config: Json) => Made>>;

const seedOf = ({ seed }: Json) => (typeof seed === 'number' ? { seed } : {});
const numbers = (config: Json, fallbacks: Readonly<Record<string, number>>): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(fallbacks).map(([key, value]) => [key, typeof config[key] === 'number' ? config[key] : value]),
  );

/** Keras's initialisers by the names of their classes. */
const INITIALIZERS: Table<Initializer> = {
  Zeros: () => initializers.zeros(),
  Ones: () => initializers.ones(),
  Constant: (config) => initializers.constant({ value: numbers(config, { value: 0 })['value'] }),
  RandomNormal: (config) =>
    initializers.randomNormal({ ...numbers(config, { mean: 0, stddev: 0.05 }), ...seedOf(config) }),
  RandomUniform: (config) =>
    initializers.randomUniform({ ...numbers(config, { minval: -0.05, maxval: 0.05 }), ...seedOf(config) }),
  TruncatedNormal: (config) =>
    initializers.truncatedNormal({ ...numbers(config, { mean: 0, stddev: 0.05 }), ...seedOf(config) }),
  GlorotUniform: (config) => initializers.glorotUniform(seedOf(config)),
  GlorotNormal: (config) => initializers.glorotNormal(seedOf(config)),
  HeUniform: (config) => initializers.heUniform(seedOf(config)),
  HeNormal: (config) => initializers.heNormal(seedOf(config)),
  LecunUniform: (config) => initializers.leCunUniform(seedOf(config)),
  LecunNormal: (config) => initializers.leCunNormal(seedOf(config)),
  VarianceScaling: (config) =>
    initializers.varianceScaling({
      scale: numbers(config, { scale: 1 })['scale'],
      mode: nameIn(config['mode'], { fan_in: 'fanIn', fan_out: 'fanOut', fan_avg: 'fanAvg' } as const, 'fan_in'),
      distribution: nameIn(
        config['distribution'],
        {
          uniform: 'uniform',
          normal: 'normal',
          truncated_normal: 'truncatedNormal',
          untruncated_normal: 'normal',
        } as const,
        'truncated_normal',
      ),
      ...seedOf(config),
    }),
  Orthogonal: (config) => orthogonal(numbers(config, { gain: 1 })['gain'], config['seed']),
  Identity: (config) => initializers.identity({ gain: numbers(config, { gain: 1 })['gain'] }),
};

const REGULARIZERS: Table<Regularizer> = {
  L1: (config) => regularizers.l1({ l1: numbers(config, { l1: 0.01 })['l1'] }),
  L2: (config) => regularizers.l2({ l2: numbers(config, { l2: 0.01 })['l2'] }),
  L1L2: (config) => regularizers.l1l2(numbers(config, { l1: 0, l2: 0 })),
};

const CONSTRAINTS: Table<Constraint> = {
  MaxNorm: (config) =>
    constraints.maxNorm({ ...normed(config), maxValue: numbers(config, { max_value: 2 })['max_value'] }),
  UnitNorm: (config) => constraints.unitNorm(normed(config)),
  NonNeg: () => constraints.nonNeg(),
  MinMaxNorm: (config) => {
    const { min_value: minValue, max_value: maxValue, rate } = numbers(config, { min_value: 0, max_value: 1, rate: 1 });
    return constraints.minMaxNorm({ ...normed(config), minValue, maxValue, rate });
  },
};

const normed = (config: Json): { readonly axis: number } => ({ axis: numbers(config, { axis: 0 })['axis'] });

/** @throws HeedError UNKNOWN_NAME */
export const makeInitializer = (value: unknown): Initializer => make('initialiser', INITIALIZERS, value);

/** @throws HeedError UNKNOWN_NAME */
export const makeRegularizer = (value: unknown): Regularizer | undefined =>
  value === undefined || value === null ? undefined : make('regulariser', REGULARIZERS, value);

/** @throws HeedError UNKNOWN_NAME */
export const makeConstraint = (value: unknown): Constraint | undefined =>
  value === undefined || value === null ? undefined : make('constraint', CONSTRAINTS, value);

/** Makes an object of Keras from its name ('glorot_uniform', 'GlorotUniform'), or from its class and configuration. */
function make<Made>(kind: string, table: Table<Made>, value: unknown): Made {
  const name = isObject(value) ? String(value['class_name']) : String(value);
  const config = isObject(value) && isObject(value['config']) ? value['config'] : {};
  const found = Object.keys(table).find((one) => plain(one) === plain(name));
  if (found !== undefined) return table[found](config);
  throw new HeedError('UNKNOWN_NAME', {
    message: `${kind} ${name} is not known`,
    hint: suggestion(name, Object.keys(table), `${kind}s of Keras are`),
  });
}

const plain = (name: string): string => name.replaceAll('_', '').toLowerCase();

function nameIn<Ours extends string>(value: unknown, names: Readonly<Record<string, Ours>>, fallback: string): Ours {
  return names[Object.hasOwn(names, String(value)) ? String(value) : fallback];
}
