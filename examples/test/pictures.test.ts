import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('the READMEs’ pictures show where the shipped model looks today', async () => {
  const script = fileURLToPath(new URL('../../scripts/readme-picture.mjs', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script, '--check']);
  expect(stdout).toContain('Ordner öffnen');
});
