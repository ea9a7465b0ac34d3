import { readFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { describe, expect, it } from 'vitest';

/** Every module that a file of src imports, directly or through other files of src. */
async function importsOf(entry: string): Promise<Set<string>> {
  const found = new Set<string>();
  const queue = [new URL(`../src/${entry}`, import.meta.url)];
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    const source = await readFile(at, 'utf8');
    for (const [, specifier] of source.matchAll(/^(?:import|export)\b[^;]*?from '([^']+)';/gms)) {
      if (found.has(specifier!) && !specifier!.startsWith('.')) continue;
      const next = specifier!.startsWith('.') ? new URL(specifier!.replace(/\.js$/, '.ts'), at) : undefined;
      const name = next?.href ?? specifier!;
      if (!found.has(name)) {
        found.add(name);
        if (next) queue.push(next);
      }
    }
  }
  return found;
}

describe('the main entry', () => {
  it('needs nothing of Node, so that browsers can train', async () => {
    const imports = await importsOf('index.ts');
    expect(imports).toContain('@tensorflow/tfjs-core');
    expect([...imports].filter((name) => name.startsWith('node:') || builtinModules.includes(name))).toEqual([]);
    // The test itself sees them where they are.
    expect([...(await importsOf('node.ts'))]).toContain('node:fs/promises');
  });
});
