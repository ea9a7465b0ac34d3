import { HeedError, show, suggestion, type ErrorCode } from '@heed/core';
import * as v from 'valibot';

/**
 * A function that returns a value as its schema says, with defaults filled in. The value may come from a file or from code
 * without types, so nothing is trusted. What it throws speaks of the first wrong option: its name, what was given, and what
 * is wanted.
 */
export function parser(code: ErrorCode) {
  return <Schema extends v.GenericSchema>(what: string, schema: Schema, given: unknown): v.InferOutput<Schema> => {
    const result = v.safeParse(schema, given, { abortEarly: true });
    if (result.success) return result.output;
    const [issue] = result.issues;
    const path = v.getDotPath(issue);
    throw new HeedError(code, { ...explained(issue, schema, given, what, path), details: { what, path } });
  };
}

function explained(
  issue: v.BaseIssue<unknown>,
  schema: v.GenericSchema,
  given: unknown,
  what: string,
  path: string | null,
): { message: string; hint?: string } {
  const keys = (issue.path ?? []).map(({ key }) => key);
  const last = String(keys.at(-1));
  const wanted =
    wantedBy(descend(schema, given, keys)) ??
    (issue.expected?.replaceAll(/[()]/g, '').replaceAll(' | ', ' or ') || 'another value');
  if (path === null && issue.kind === 'schema') {
    return { message: `${what}: the options are ${show(given)}`, hint: `pass ${wantedBy(schema) ?? 'an object'}` };
  }
  if (issue.type === 'strict_object' && issue.path !== undefined) {
    // What is missing may be there under a name that is a little off, which says more.
    const parent = descend(schema, given, keys.slice(0, -1));
    const known = Object.keys(parent?.entries ?? {});
    const stray = Object.keys(issue.path.at(-1)!.input as object).find((name) => !known.includes(name));
    if (stray !== undefined) {
      const where = keys.length > 1 ? ` in '${keys.slice(0, -1).join('.')}'` : '';
      return {
        message: `${what}: there is no option '${stray}'${where}`,
        hint: suggestion(stray, namesOf(parent), 'the options are'),
      };
    }
  }
  if (issue.received === 'undefined')
    return { message: `${what}: ${path} is missing`, hint: `${last}: ${wanted}, required` };
  // What a check or a pattern wants, only its message tells.
  if (issue.type === 'check' || issue.type === 'raw_check' || issue.type === 'regex') {
    const value = path === null ? '' : ` (${path} is ${show(issue.input)})`;
    return { message: `${what}: ${issue.message.slice(0, LONGEST)}${value}` };
  }
  return { message: `${what}: ${path} is ${show(issue.input)}`, hint: wanted };
}

// Of a message, which may quote what was given.
const LONGEST = 300;

/** What a look at any of valibot's schemas may find. */
interface AnySchema {
  readonly type: string;
  readonly entries?: Readonly<Record<string, AnySchema>>;
  readonly item?: AnySchema;
  readonly wrapped?: AnySchema;
  readonly options?: readonly unknown[];
  readonly key?: string;
  readonly literal?: unknown;
  readonly pipe?: readonly AnyAction[];
}

interface AnyAction {
  readonly type: string;
  readonly requirement?: unknown;
  readonly examples?: readonly unknown[];
}

/** The schema of what lies at the end of a path. */
function descend(schema: unknown, value: unknown, path: readonly unknown[]): AnySchema | undefined {
  const here = chosen(schema as AnySchema, value);
  const [key, ...rest] = path;
  if (path.length === 0 || here === undefined) return here;
  const inner = (value as Record<string, unknown> | undefined)?.[key as string];
  return descend(here.entries?.[key as string] ?? here.item, inner, rest);
}

/** Without what makes a schema optional; of a variant, the one that the value chose. */
function chosen(schema: AnySchema | undefined, value: unknown): AnySchema | undefined {
  if (schema?.wrapped !== undefined) return chosen(schema.wrapped, value);
  if (schema?.type !== 'variant') return schema;
  const name = (value as Record<string, unknown> | undefined)?.[schema.key!];
  return (schema.options as readonly AnySchema[]).find(({ entries }) => entries?.[schema.key!]?.literal === name);
}

/** Names of the options that a schema of an object takes and that can be chosen. */
export const optionNames = (schema: v.GenericSchema): readonly string[] => namesOf(schema as AnySchema);

/** The options that can be chosen: what has one value, the kind, is for files. */
const namesOf = (schema: AnySchema | undefined): readonly string[] =>
  Object.entries(schema?.entries ?? {}).flatMap(([name, { type }]) => (type === 'literal' ? [] : [name]));

/** What a schema takes, in words. */
function wantedBy(schema: AnySchema | undefined): string | undefined {
  const actions = actionsOf(schema);
  const [example] = actions.flatMap(({ type, examples }) => (type === 'examples' ? (examples ?? []) : []));
  const such = example === undefined ? '' : `, such as ${JSON.stringify(example)}`;
  switch (schema?.type) {
    case 'number':
      return `${numberOf(actions)}${such}`;
    case 'string':
      return `a text${such}`;
    case 'boolean':
      return 'true or false';
    case 'picklist':
      return `one of ${(schema.options ?? []).map(show).join(', ')}`;
    case 'literal':
      return show(schema.literal);
    case 'union':
      return (schema.options as readonly AnySchema[])
        .map((option) => wantedBy(option) ?? 'another value')
        .join(', or ');
    case 'array':
      return `an array${schema.item === undefined ? '' : `, each ${wantedBy(chosen(schema.item, undefined)) ?? 'a value'}`}`;
    case 'strict_object':
    case 'loose_object':
    case 'object':
      return `an object with ${namesOf(schema).join(', ')}`;
    default:
      return undefined;
  }
}

/** Those of a pipe, and of the pipes in it. */
function actionsOf(schema: AnySchema | undefined): readonly AnyAction[] {
  return (schema?.pipe ?? []).flatMap((part, n) => (n === 0 && part !== schema ? actionsOf(part as AnySchema) : part));
}

/** 'a whole number from 1 to 8', 'a finite number above 0'. */
function numberOf(actions: readonly AnyAction[]): string {
  const limit = (type: string): string | undefined => {
    const action = actions.find((one) => one.type === type);
    return action && String(action.requirement);
  };
  const has = (type: string): boolean => actions.some((one) => one.type === type);
  const kind =
    has('integer') || has('safe_integer') ? 'a whole number' : has('finite') ? 'a finite number' : 'a number';
  const [least, most, above, below] = ['min_value', 'max_value', 'gt_value', 'lt_value'].map(limit);
  const multiple = limit('multiple_of');
  return [
    kind,
    ...(multiple === undefined ? [] : [`that is a multiple of ${multiple}`]),
    ...(least === undefined ? [] : [most === undefined ? `≥ ${least}` : `from ${least}`]),
    ...(most === undefined ? [] : [least === undefined ? `≤ ${most}` : `to ${most}`]),
    ...(above === undefined ? [] : [`above ${above}`]),
    ...(below === undefined ? [] : [`below ${below}`]),
  ].join(' ');
}
