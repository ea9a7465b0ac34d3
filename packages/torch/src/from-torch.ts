import { parser, optionNames } from '@heed/attention/schema';
import { checkName, HeedError } from '@heed/base';
import { checkOptions } from '@heed/core';
import { tidy } from '@heed/nn';
import type * as tf from '@tensorflow/tfjs-core';
import { computationOf } from './computation.js';
import { kindsOf, modulesAmong, partOf } from './find-modules.js';
import * as v from 'valibot';
import type { ModuleDefinition } from './modules/definition.js';
import { DEFINITIONS, type TorchKind } from './modules/index.js';
import { readParameters, shapesOf, type Part } from './state/parameters.js';
import { storedIn, type StateSource, type Stored } from './state/stored.js';
import { listed, Tree } from './state/tree.js';
import type { AnyTorchModule, TorchModule, TorchOptionsOf } from './torch-module.js';

/** Where the module is. */
export interface FromTorchOptions {
  /** Which module of the state dict: 'encoder.layers.0'. The whole by default. */
  readonly prefix?: string;
}

/** Options of all kinds, of which those of the kind that is found are taken. */
export type AnyTorchOptions = FromTorchOptions & {
  readonly [Name in keyof AllOptions]?: AllOptions[Name];
};
type AllOptions = Intersection<{ [Kind in TorchKind]: Required<TorchOptionsOf<Kind>> }[TorchKind]>;
type Intersection<Union> = (Union extends unknown ? (one: Union) => void : never) extends (all: infer All) => void
  ? All
  : never;

/**
 * A module of PyTorch from its state dict. What it is its keys tell, or `kind`; what they can't tell is an option: heads, activation, and
 * so on, with PyTorch's defaults. Only what lies under `prefix` is read; the state dict is borrowed.
 *
 * Parameters are float32: float16 and bfloat16 are widened, float64 is rounded.
 *
 * @throws HeedError UNKNOWN_NAME (prefix, kind); CHECKPOINT_INVALID for missing and unexpected keys and keys of no module that is known;
 *   SHAPE_MISMATCH, DTYPE_UNSUPPORTED, NOT_FINITE; UNKNOWN_OPTION, INVALID_ARGUMENT for options that are missing or contradict the shapes;
 *   FILE_INVALID, FILE_TOO_LARGE for bytes. Nothing is made then
 */
export function fromTorch<Kind extends TorchKind>(
  state: StateSource,
  options: FromTorchOptions & { readonly kind: Kind } & TorchOptionsOf<Kind>,
): TorchModule<Kind>;
export function fromTorch(state: StateSource, options?: AnyTorchOptions): AnyTorchModule;
export function fromTorch(
  state: StateSource,
  given: AnyTorchOptions & { readonly kind?: TorchKind } = {},
): AnyTorchModule {
  const { kind, prefix, ...options } = parseOptions('fromTorch', PLACE, given);
  const stored = storedIn(state);
  const part = foundAt(stored, prefix.replace(/\.$/, ''));
  const chosen = kind === undefined ? onlyKind(stored, part) : checkName('kind of module', kind, KINDS);
  return moduleOf(DEFINITIONS[chosen] as ModuleDefinition<TorchKind, object, object, Call>, part, options);
}

const parseOptions = parser('INVALID_ARGUMENT');

/** What says where the module is, and what it is; the rest are the options of its kind. */
const PLACE = v.looseObject({ prefix: v.optional(v.string(), ''), kind: v.optional(v.string()) });

const KINDS = Object.keys(DEFINITIONS) as TorchKind[];

type Call = (...inputs: never[]) => unknown;

function foundAt(stored: ReadonlyMap<string, Stored>, prefix: string): Part {
  const part = partOf(stored, prefix);
  if (part.stored.size > 0) return part;
  throw new HeedError('UNKNOWN_NAME', {
    message: `fromTorch: the state dict has nothing ${prefix === '' ? 'in it' : `under '${prefix}'`}`,
    hint: `modules are at: ${located(stored)}`,
    details: { prefix },
  });
}

const located = (stored: ReadonlyMap<string, Stored>): string => {
  const found = modulesAmong(stored).map(({ prefix, kind }) => `'${prefix}' (${kind})`);
  return found.length === 0 ? 'no place, for none is known' : listed(found);
};

function onlyKind(stored: ReadonlyMap<string, Stored>, part: Part): TorchKind {
  const [kind, ...others] = kindsOf(part);
  if (kind !== undefined && others.length === 0) return kind;
  const where = part.prefix === '' ? 'the state dict' : `'${part.prefix}'`;
  throw new HeedError('CHECKPOINT_INVALID', {
    message:
      kind === undefined
        ? `fromTorch: ${where} has the keys of no module that is known: ${listed([...part.stored.keys()])}`
        : `fromTorch: ${where} may be ${[kind, ...others].join(' or ')}`,
    hint: `give its kind, one of ${KINDS.join(', ')}; or a prefix: modules are at ${located(stored)}`,
    details: { prefix: part.prefix, kinds: [kind, ...others] },
  });
}

function moduleOf(
  { kind, schema, expects, convert, create }: ModuleDefinition<TorchKind, object, object, Call>,
  part: Part,
  options: object,
): AnyTorchModule {
  const what = `fromTorch: ${kind}`;
  checkOptions<object>(what, options, Object.fromEntries(optionNames(schema).map((name) => [name, true])));
  const settings = parseOptions(what, schema, options);
  const shapes = shapesOf(part);
  const parameters = readParameters(kind, part, expects(shapes, settings));
  const state = new Tree<tf.Tensor>(new Map(Object.entries(parameters)));
  const computation = computationOf(
    parameters,
    () => convert(state, settings),
    (converted) => create(converted, settings, shapes),
  );
  let disposed = false;
  const module = {
    kind,
    prefix: part.prefix.replace(/\.$/, ''),
    parameters,
    call(...inputs: never[]) {
      if (disposed) throw new HeedError('DISPOSED', { message: `${kind}: call after dispose` });
      return tidy(() => computation.current()(...inputs));
    },
    dispose() {
      disposed = true;
      computation.dispose();
      for (const variable of Object.values(parameters)) variable.dispose();
    },
  };
  return module as AnyTorchModule;
}
