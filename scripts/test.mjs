// `npm test [-- PART…]`: installs, builds, and runs every test, or those of some parts: node, browser, packages.
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { install, leaveInterruptsToSteps, pnpm, root, run } from './steps.mjs';

/** Vitest's projects by part; those that no part claims are the part 'node'. */
const CLAIMED = {
  browser: [
    '@heed/playground*',
    '@heed/site*',
    '@heed/examples-test',
    ...['webgl', 'webgpu', 'webgpu, in a page', 'wasm', 'wasm, isolated'].map((one) => `@heed/agreement (${one})`),
  ],
  packages: ['@heed/agreement (packed)'],
};

/** Folders of agreement/ whose tests run in Node. */
const IN_NODE = new Set(['node', 'packed', 'tables', 'webgpu']);

const started = performance.now();
const parts = process.argv.slice(2);
const projects = projectsOf(parts);
/** Pages that tests open; the site's are of one part alone. */
const pages = [
  '@heed/playground#bundle',
  ...(parts.length === 0 || parts.includes('browser') ? ['@heed/site#bundle'] : []),
];
leaveInterruptsToSteps();
await install();
await pnpm('Building every package and the pages', 'exec', 'turbo', 'run', 'build', ...pages);
// Imported here, since these packages have just been installed and built.
const { NOT_TESTED, findChromiumForTests } = await import('@heed/chromium');
const { notTestedIn } = await import('@heed/browsers');

const results = join(root, 'node_modules', '.cache', 'vitest-results.json');
await mkdir(join(results, '..'), { recursive: true });
process.stderr.write('\n▸ Tests\n');
const code = await run(process.execPath, [
  join(root, 'node_modules', 'vitest', 'vitest.mjs'),
  'run',
  ...projects.map((project) => `--project=${project}`),
  '--reporter=default',
  '--reporter=./scripts/test-run/progress-reporter.ts',
  '--reporter=json',
  `--outputFile.json=${results}`,
]);
const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(await readFile(results, 'utf8'));

const failed = numFailedTests + (code !== 0 && numFailedTests === 0 ? 1 : 0);
console.log(`\n${inBrowsers(testResults)}`);
for (const line of elsewhere(testResults)) console.log(line);
console.log(`${numPassedTests} passed, ${failed} failed, ${numPendingTests} skipped, in ${timeSince(started)}`);
process.exit(failed > 0 ? 1 : 0);

/** Patterns of the parts' projects for vitest's --project; none for all projects. */
function projectsOf(parts) {
  const unknown = parts.find((part) => part !== 'node' && CLAIMED[part] === undefined);
  if (unknown !== undefined) {
    console.error(`there is no part '${unknown}'; there are node, ${Object.keys(CLAIMED).join(', ')}`);
    process.exit(2);
  }
  if (!parts.includes('node')) return parts.flatMap((part) => CLAIMED[part]);
  const others = Object.keys(CLAIMED).filter((part) => !parts.includes(part));
  return others.flatMap((part) => CLAIMED[part]).map((project) => `!${project}`);
}

/** Summary of the tests in a browser: the number of cases by backend; or that none ran, and what to install. */
function inBrowsers(testResults) {
  const browser = findChromiumForTests();
  if (browser === undefined) return NOT_TESTED;
  const counts = new Map();
  for (const { name, assertionResults } of testResults) {
    const situation = relative(join(root, 'agreement'), dirname(name));
    if (situation.startsWith('..') || IN_NODE.has(situation)) continue;
    const { passed, failed } = counts.get(situation) ?? { passed: 0, failed: 0 };
    const have = (status) => assertionResults.filter((result) => result.status === status).length;
    counts.set(situation, { passed: passed + have('passed'), failed: failed + have('failed') });
  }
  const lines = [...counts].map(
    ([situation, { passed, failed }]) => `  ${situation}: ${passed} passed, ${failed} failed`,
  );
  return [`In ${browser}:`, ...lines.toSorted(), ...(notTestedIn()?.split('\n') ?? [])].join('\n');
}

/** Other browsers and runtimes in which the suite ran, with the number of cases by backend. */
function elsewhere(testResults) {
  const ran = testResults.flatMap(({ assertionResults }) => assertionResults.flatMap(({ meta }) => meta?.ran ?? []));
  return [...new Set(ran.map(({ where }) => where))].map((place) => {
    const told = ran.filter(({ where }) => where === place).map(({ backend, cases }) => `${cases} cases on ${backend}`);
    return `In ${place}: ${told.join(', ')}`;
  });
}

/** Time since a moment, as "9 min 40 s". */
function timeSince(start) {
  const seconds = Math.round((performance.now() - start) / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
