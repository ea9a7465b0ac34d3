import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const STEPS = new URL('../../../scripts/steps.mjs', import.meta.url).href;

/** A step of `npm start` and `npm test`: a program that says something on both streams and ends with this code. */
function step(code: number): Promise<{ stdout: string; stderr: string }> {
  const program = `console.log('noise'); console.error('reason'); process.exitCode = ${code}`;
  const script =
    `import { quietStep } from ${JSON.stringify(STEPS)};\n` +
    `await quietStep('Building', process.execPath, ['-e', ${JSON.stringify(program)}]);\n` +
    `console.log('next');`;
  return promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
  });
}

test('a step of npm start is one line with its time', async () => {
  const { stdout, stderr } = await step(0);
  expect(stderr).toMatch(/^▸ Building … \d+ s\n$/);
  expect(stdout).toBe('next\n');
});

test('a step that fails shows all that it said, and ends npm start with its exit code', async () => {
  const failure = await step(3).then(
    () => undefined,
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
  expect(failure).toMatchObject({ code: 3, stdout: '' });
  expect(failure!.stderr).toMatch(/^▸ Building … \d+ s\n\n(noise\nreason|reason\nnoise)\n\n✗ Building: exit 3\n$/);
});
