import { HeedError } from '@heed/base';

/**
 * Parses JSON of an untrusted file. Refuses invalid UTF-8, a key that occurs twice in an object (readers disagree on which one
 * counts), a key named `__proto__`, and deep nesting (callers may walk the result recursively).
 */
export function parseStrictJson(what: string, bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new HeedError('FILE_INVALID', { message: `${what} is not UTF-8`, cause });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new HeedError('FILE_INVALID', { message: `${what} is not JSON`, cause });
  }
  checkKeys(what, text);
  return value;
}

const MAX_DEPTH = 64;

// JSON.parse has accepted the text, so it is well formed, and telling strings from braces is enough.
function checkKeys(what: string, text: string): void {
  const open: (Set<string> | undefined)[] = [];
  const token = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/g;
  for (const [match, colon] of text.matchAll(token)) {
    if (open.length > MAX_DEPTH) throw new HeedError('FILE_INVALID', { message: `${what} is nested too deeply` });
    if (match === '{') open.push(new Set());
    else if (match === '[') open.push(undefined);
    else if (match === '}' || match === ']') open.pop();
    else if (colon !== undefined) {
      const key = JSON.parse(match.slice(0, match.lastIndexOf('"') + 1)) as string;
      const keys = open.at(-1)!;
      if (keys.has(key) || key === '__proto__') {
        const shown = JSON.stringify(key.slice(0, 80));
        throw new HeedError('FILE_INVALID', {
          message: key === '__proto__' ? `${what} has a key ${shown}` : `${what} has the key ${shown} twice`,
        });
      }
      keys.add(key);
    }
  }
}
