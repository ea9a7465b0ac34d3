// Runs publint and are-the-types-wrong on every published package, in its packed form.
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { packedPackages } from './pack.mjs';
import { root, run } from './steps.mjs';

const waiting = await packedPackages();
let failed = 0;
await Promise.all(Array.from({ length: availableParallelism() }, checkNext));
process.exit(failed > 0 ? 1 : 0);

/** Checks one package after another, until none waits. */
async function checkNext() {
  for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
    const problems = await problemsOf(one);
    for (const problem of problems) console.error(`✗ ${one.manifest.name}: ${problem}`);
    if (problems.length > 0) failed++;
    else console.log(`✓ ${one.manifest.name}`);
  }
}

async function problemsOf({ manifest, tarball }) {
  const { buffer } = new Uint8Array(await readFile(tarball));
  const { messages } = await publint({ level: 'warning', strict: true, pack: { tarball: buffer } });
  const problems = messages.map((message) => formatMessage(message, manifest));
  if (manifest.exports['.'] === undefined) return problems; // nobody imports its types
  const attw = join(root, 'node_modules', '.bin', 'attw');
  const types = await run(attw, [tarball, '--profile', 'esm-only'], { quiet: true });
  return types === 0 ? problems : [...problems, `are-the-types-wrong found a problem (exit ${types})`];
}
