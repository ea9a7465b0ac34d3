import { HeedError } from '@heed/base';

/**
 * JSON of an untrusted file: UTF-8 without replacement characters, no key twice in an object (readers disagree on which
 * one counts), none named `__proto__`, no deep nesting (whoever walks the result may recurse).
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

// JSON.parse has passed, so the text is known to be well formed: only strings and braces have to be told apart.
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
