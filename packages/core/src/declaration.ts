import type { FieldRole, Named, Op } from './ops/define.js';
import type { AttentionKernels, OpName, Option, Size } from './ops/table.js';
import type { AnyRequest, BiasParts, MaskParts } from './request.js';

/**
 * What a backend's kernels take, as data. Core runs a request with anything else composed, so that what core learns later
 * breaks no backend. An entry that is absent allows nothing; without `limits`, every size is taken.
 */
export interface Declaration {
  readonly masks?: readonly (keyof MaskParts)[];
  readonly biases?: readonly (keyof BiasParts)[];
  /** Names of normalisers of `weightedContext`. */
  readonly normalizers?: readonly string[];
  /** What a request may ask for besides. */
  readonly options?: readonly Option[];
  /** The largest sizes. */
  readonly limits?: { readonly [Name in Size]?: number };
}

/** What of a backend says what it takes. */
interface Declaring {
  readonly name: string;
  readonly kernels: AttentionKernels;
  readonly takes: Declaration;
}

/** A declaration with every entry, and the ops that there are kernels for: what is shown of a backend. */
export interface FullDeclaration extends Required<Declaration> {
  readonly ops: readonly OpName[];
}

export function declarationOf({ kernels, takes }: Declaring): FullDeclaration {
  const { masks = [], biases = [], normalizers = [], options = [], limits = {} } = takes;
  const ops = (Object.keys(kernels) as OpName[]).filter((name) => kernels[name] !== undefined);
  return { ops, masks, biases, normalizers, options, limits };
}

/** What of a declaration is told in words; the names may come from another program's report. */
interface Told {
  readonly masks: readonly string[];
  readonly biases: readonly string[];
  readonly normalizers: readonly string[];
  readonly options: readonly string[];
  readonly limits: Readonly<Record<string, number | undefined>>;
}

/** A declaration in a line: 'masks band, lengths · normalizers softmax · limits width up to 256'. */
export function describeTakes({ masks, biases, normalizers, options, limits }: Told): string {
  const most = Object.entries(limits).map(([size, limit]) => `${size} up to ${limit}`);
  return Object.entries({ masks, biases, normalizers, options, limits: most })
    .flatMap(([what, names]) => (names.length > 0 ? [`${what} ${names.join(', ')}`] : []))
    .join(' · ');
}

/** Why a backend's kernels don't take a request, going by what it declares; `[]` when they do. */
export function undeclaredReasons({ name, fields }: Op, request: AnyRequest, backend: Declaring): readonly string[] {
  const kernels: Named<unknown> = backend.kernels;
  if (kernels[name] === undefined) return [`${backend.name} has no kernels for ${name}`];
  const reasons: string[] = [];
  for (const [field, value] of Object.entries(request) as [string, unknown][]) {
    if (!Object.hasOwn(fields, field)) continue; // the op's name
    for (const refused of REFUSED[fields[field]](field, value, backend.takes))
      reasons.push(`${backend.name} ${refused}`);
  }
  return reasons;
}

/** What a declaration refuses of a field, by its role. */
const REFUSED: { readonly [Role in FieldRole]: (field: string, value: unknown, takes: Declaration) => string[] } = {
  always: () => [],
  masks: (_, mask, { masks }) => missing('mask part', namesIn(mask), masks),
  biases: (_, bias, { biases }) => missing('bias part', namesIn(bias), biases),
  normalizers: (_, name, { normalizers }) => missing('normalizer', [String(name)], normalizers),
  options: (field, value, { options }) => missing('option', value === null || value === false ? [] : [field], options),
  limits(field, size, { limits = {} }) {
    const most = limits[field as Size] ?? Infinity;
    return Number(size) > most ? [`takes ${field} up to ${most}, not ${String(size)}`] : [];
  },
};

/** Names of the parts that are present. */
const namesIn = (parts: unknown): string[] =>
  Object.entries(Object(parts) as object).flatMap(([name, part]) => (part === undefined ? [] : [name]));

const missing = (what: string, wanted: readonly string[], declared: readonly string[] = []): string[] =>
  wanted.filter((name) => !declared.includes(name)).map((name) => `doesn't take the ${what} '${name}'`);
