import * as v from 'valibot';
import { FIELDS, FIRST_VIEW, type Field, type State } from './fields.js';

/** Version of the format of links. A link of another version is refused. */
const VERSION = 1;
// Greatest length of a link: enough when every text has its greatest length, in characters that take nine each.
const LONGEST = 36 * 2 ** 10;

const entries = Object.entries(FIELDS) as unknown as readonly (readonly [keyof State, Field<unknown>])[];

export const defaultState = (): State =>
  Object.fromEntries(entries.map(([name, { fallback }]) => [name, fallback])) as unknown as State;

/** State of a visit without a link. */
export const firstState = (): State => ({ ...defaultState(), view: FIRST_VIEW });

/** Hash of a state: "#1?m=dot&q=the+cat", with the fields that differ from their defaults. */
export function writeHash(state: State): string {
  const parameters = new URLSearchParams();
  for (const [name, { key, fallback, write }] of entries) {
    const text = write(state[name]);
    if (text !== undefined && text !== write(fallback)) parameters.set(key, text);
  }
  const query = parameters.toString();
  return query === '' ? `#${VERSION}` : `#${VERSION}?${query}`;
}

export type LinkError =
  | { readonly kind: 'form' }
  | { readonly kind: 'version'; readonly version: string }
  | { readonly kind: 'field'; readonly key: string };

/** State of an untrusted link, or what is wrong with the link. The empty hash is no link: it is the state of a first visit. */
export function readHash(hash: string): { readonly state: State } | { readonly error: LinkError } {
  if (hash === '' || hash === '#') return { state: firstState() };
  const [, version, query = ''] = /^#(\d{1,6})(?:\?(.*))?$/.exec(hash) ?? [];
  if (version === undefined || hash.length > LONGEST) return { error: { kind: 'form' } };
  if (version !== String(VERSION)) return { error: { kind: 'version', version } };
  const state: Record<string, unknown> = { ...defaultState() };
  for (const [key, text] of new URLSearchParams(query)) {
    const [name, field] = entries.find(([, one]) => one.key === key) ?? [];
    const result = field && v.safeParse(field.schema, text);
    if (name === undefined || result?.success !== true) return { error: { kind: 'field', key: key.slice(0, 20) } };
    state[name] = result.output;
  }
  return { state: state as State };
}
