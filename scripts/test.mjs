// `npm test`: installs, builds, and runs every test, then the packed packages in an empty project.
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { installAndBuild, leaveInterruptsToSteps, root, run } from './steps.mjs';

leaveInterruptsToSteps();
await installAndBuild();
// Imported here, since these packages have just been installed and built.
const { NOT_TESTED, findChromium } = await import('@heed/chromium');
const { notTestedIn } = await import('@heed/browsers');
const { testConsumer } = await import('./test-consumer.mjs');

const results = join(root, 'node_modules', '.cache', 'vitest-results.json');
await mkdir(join(results, '..'), { recursive: true });
process.stderr.write('\n▸ Tests of every package\n');
const code = await run(process.execPath, [
  join(root, 'node_modules', 'vitest', 'vitest.mjs'),
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${results}`,
]);
const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(await readFile(results, 'utf8'));

process.stderr.write('\n▸ The packed packages in an empty project\n');
const consumer = await testConsumer();

const failed = numFailedTests + consumer.failed + (code !== 0 && numFailedTests === 0 ? 1 : 0);
console.log(`\n${inBrowsers(testResults)}`);
console.log(
  `${numPassedTests + consumer.passed} passed, ${failed} failed, ${numPendingTests + consumer.skipped} skipped`,
);
process.exit(failed > 0 ? 1 : 0);

/** Summary of the tests in a browser: the number of cases by backend; or that none ran, and what to install. */
function inBrowsers(testResults) {
  const browser = findChromium();
  if (browser === undefined) return NOT_TESTED;
  const counts = new Map();
  for (const { name, assertionResults } of testResults) {
    const situation = relative(join(root, 'agreement'), dirname(name));
    if (situation.startsWith('..') || situation === 'node') continue;
    const { passed, failed } = counts.get(situation) ?? { passed: 0, failed: 0 };
    const have = (status) => assertionResults.filter((result) => result.status === status).length;
    counts.set(situation, { passed: passed + have('passed'), failed: failed + have('failed') });
  }
  const lines = [...counts].map(
    ([situation, { passed, failed }]) => `  ${situation}: ${passed} passed, ${failed} failed`,
  );
  return [`In ${browser}:`, ...lines.toSorted(), ...(notTestedIn()?.split('\n') ?? [])].join('\n');
}
