import { HeedError } from '@heed/base';
import { parse } from 'es-module-lexer/js';

/**
 * Text of a module whose bare imports lead to other addresses. Workers have no import maps, which would do the same.
 *
 * @param addresses addresses of the packages that may be imported
 * @throws HeedError BACKEND_INVALID when the module imports anything else, or can't be read
 */
export function link(text: string, addresses: ReadonlyMap<string, string>): string {
  const parts: string[] = [];
  let end = 0;
  for (const { n: name, s, e, d } of importsOf(text)) {
    // What has no name is `import.meta`, or an import of an address that is computed, which the sandbox's policy refuses.
    if (name === undefined) continue;
    const address = addresses.get(name);
    if (address === undefined) throw notProvided(name, [...addresses.keys()]);
    // The place of a dynamic import has the quotes in it.
    const quoted = d >= 0 ? JSON.stringify(address) : address;
    parts.push(text.slice(end, s), quoted);
    end = e;
  }
  return parts.join('') + text.slice(end);
}

function importsOf(text: string): ReturnType<typeof parse>[0] {
  try {
    return parse(text)[0];
  } catch (cause) {
    throw new HeedError('BACKEND_INVALID', {
      message: `the module can't be read: ${String(cause)}`,
      details: { problem: 'throws', told: String(cause) },
      cause,
    });
  }
}

const notProvided = (name: string, provided: readonly string[]): HeedError =>
  new HeedError('BACKEND_INVALID', {
    message: `the module imports '${name.slice(0, 200)}', which this page doesn't provide`,
    hint: `bundle it into the module; ${provided.join(', ')} are provided`,
    details: { problem: 'import', told: name },
  });
