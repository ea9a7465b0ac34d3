// Runs publint and are-the-types-wrong on every published package, in its packed form.
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { publishedPackages } from './packages.mjs';
import { root, run } from './steps.mjs';

let failed = 0;
for (const { folder, manifest } of await publishedPackages()) {
  const { messages } = await publint({ pkgDir: folder, level: 'warning', strict: true, pack: 'pnpm' });
  for (const message of messages) console.error(`✗ ${manifest.name}: ${formatMessage(message, manifest)}`);
  // The command has no library entry, so nobody uses its types.
  const types =
    manifest.bin === undefined
      ? await run(join(root, 'node_modules', '.bin', 'attw'), ['--pack', folder, '--profile', 'esm-only'], {
          quiet: true,
        })
      : 0;
  if (types !== 0) console.error(`✗ ${manifest.name}: are-the-types-wrong found a problem (exit ${types})`);
  if (messages.length > 0 || types !== 0) failed++;
  else console.log(`✓ ${manifest.name}`);
}
process.exit(failed > 0 ? 1 : 0);
