import { fileURLToPath } from 'node:url';
import { CHROMIUM_FLAGS, WEBGPU_FLAGS } from '@heed/chromium';
import { playwright } from '@vitest/browser-playwright';
import type { TestProjectInlineConfiguration } from 'vitest/config';
import { modelFiles } from './model-files.js';
import { readOnnxCases } from './onnx-command.js';
import { keepReport } from './report-command.js';

const root = fileURLToPath(new URL('.', import.meta.url));

/** Headers with which a page can share memory between threads. */
const ISOLATION = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

/**
 * The tests that span packages, a vitest project for each situation, whose tests are in the folder of its name.
 *
 * @param chromium  path of the browser; without one there are the projects of Node alone
 */
export function agreementProjects(chromium: string | undefined): TestProjectInlineConfiguration[] {
  return [
    inNode('node'),
    // An install may have to bring packages from a registry.
    inNode('packed', { hookTimeout: 300_000 }),
    // When the suites have written their reports.
    inNode('tables', { maxWorkers: 1, sequence: { groupOrder: 1 } }),
    ...(chromium === undefined
      ? []
      : [
          inBrowser('webgl', 'webgl', chromium),
          // In Node, on the driver that Chromium brings along.
          inNode('webgpu', { pool: 'forks' }),
          inBrowser('webgpu, in a page', 'webgpu-page', chromium, {}, WEBGPU_FLAGS),
          inBrowser('wasm', 'wasm', chromium),
          inBrowser('wasm, isolated', 'wasm-isolated', chromium, ISOLATION),
        ]),
  ];
}

function inNode(folder: string, settings: TestProjectInlineConfiguration['test'] = {}): TestProjectInlineConfiguration {
  return {
    extends: true,
    root,
    test: { name: `@heed/agreement (${folder})`, include: [`${folder}/*.test.ts`], ...settings },
  };
}

function inBrowser(
  situation: string,
  folder: string,
  executablePath: string,
  headers: Record<string, string> = {},
  flags: readonly string[] = [],
): TestProjectInlineConfiguration {
  return {
    extends: true,
    root,
    server: { headers },
    optimizeDeps: { force: true },
    plugins: [modelFiles()],
    test: {
      name: `agreement/${folder}`,
      include: [`${folder}/*.test.ts`],
      browser: {
        enabled: true,
        headless: true,
        // One page at a time, as the tests of other projects run beside it.
        fileParallelism: false,
        screenshotFailures: false,
        provider: playwright({ launchOptions: { executablePath, args: [...CHROMIUM_FLAGS, ...flags] } }),
        instances: [{ browser: 'chromium', name: `@heed/agreement (${situation})` }],
        commands: { readOnnxCases, keepReport },
      },
    },
  };
}
