import { guarded, invalid } from './invalid.js';

/** A JSON object of a file. */
export type Json = Readonly<Record<string, unknown>>;

// Real models nest some 30 levels for each model within a model.
const DEEPEST = 500;

/**
 * JSON of a file, no deeper than models are.
 *
 * @throws HeedError FILE_INVALID
 */
export function readJson(what: string, bytes: Uint8Array | string): Json {
  const text =
    typeof bytes === 'string' ? bytes : guarded(what, () => new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  assertShallow(what, text);
  return objectOf(
    what,
    guarded(what, () => JSON.parse(withoutInfinities(text)) as unknown),
  );
}

/** Python writes infinities, for which JSON has no word: numbers that are too large are read as such. */
const withoutInfinities = (text: string): string =>
  text.replaceAll(/"(?:[^"\\]|\\.)*"|(-?)Infinity\b/g, (found: string, sign?: string) =>
    sign === undefined ? found : `${sign}1e999`,
  );

/** Counts brackets before the text is parsed, as parsers call themselves for each level. */
function assertShallow(what: string, text: string): void {
  let depth = 0;
  let quoted = false;
  for (let n = 0; n < text.length; n++) {
    const code = text.charCodeAt(n);
    if (quoted) {
      if (code === BACKSLASH) n++;
      else if (code === QUOTE) quoted = false;
    } else if (code === QUOTE) quoted = true;
    else if (code === BRACE || code === BRACKET) {
      if (++depth > DEEPEST) throw invalid(`${what} is nested more than ${DEEPEST} deep`);
    } else if (code === BRACE_END || code === BRACKET_END) depth--;
  }
}

const [QUOTE, BACKSLASH, BRACKET, BRACKET_END, BRACE, BRACE_END] = [...'"\\[]{}'].map((one) => one.charCodeAt(0)) as [
  number,
  number,
  number,
  number,
  number,
  number,
];

/** @throws HeedError FILE_INVALID when it isn't an object */
export function objectOf(what: string, value: unknown): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  throw invalid(
    `${what} is ${Array.isArray(value) ? 'a list' : value === null ? 'null' : typeof value}, not an object`,
  );
}

/** @throws HeedError FILE_INVALID when it isn't a list */
export function listOf(what: string, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw invalid(`${what} is ${value === null ? 'null' : typeof value}, not a list`);
}

/** @throws HeedError FILE_INVALID when it isn't a text */
export function textOf(what: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw invalid(`${what} is ${value === null ? 'null' : typeof value}, not a text`);
}

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
