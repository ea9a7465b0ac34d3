// `npm test`: installs, builds, and runs every test, then the packed packages in an empty project.
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { testConsumer } from './test-consumer.mjs';
import { installAndBuild, leaveInterruptsToSteps, root, run } from './steps.mjs';

leaveInterruptsToSteps();
await installAndBuild();

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
const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(await readFile(results, 'utf8'));

process.stderr.write('\n▸ The packed packages in an empty project\n');
const consumer = await testConsumer();

const failed = numFailedTests + consumer.failed + (code !== 0 && numFailedTests === 0 ? 1 : 0);
console.log(`\n${numPassedTests + consumer.passed} passed, ${failed} failed, ${numPendingTests} skipped`);
process.exit(failed > 0 ? 1 : 0);
