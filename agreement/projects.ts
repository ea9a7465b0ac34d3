import { fileURLToPath } from 'node:url';
import { CHROMIUM_FLAGS } from '@heed/chromium';
import { playwright } from '@vitest/browser-playwright';
import type { TestProjectInlineConfiguration } from 'vitest/config';
import { modelFiles } from './model-files.js';
import { readOnnxCases } from './onnx-command.js';

/** Headers with which a page can share memory between threads. */
const ISOLATION = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

/** Order of these projects: after the tests in Node, some of which measure time. */
const LAST = 1;

/** One vitest project for each situation, whose tests are in the folder of its name. */
export function browserProjects(executablePath: string): TestProjectInlineConfiguration[] {
  return [
    project('webgl', 'webgl', executablePath),
    project('wasm', 'wasm', executablePath),
    project('wasm, isolated', 'wasm-isolated', executablePath, ISOLATION),
  ];
}

function project(
  situation: string,
  folder: string,
  executablePath: string,
  headers: Record<string, string> = {},
): TestProjectInlineConfiguration {
  return {
    root: fileURLToPath(new URL('.', import.meta.url)),
    server: { headers },
    optimizeDeps: { force: true },
    plugins: [modelFiles()],
    test: {
      name: `agreement/${folder}`,
      include: [`${folder}/*.test.ts`],
      sequence: { groupOrder: LAST },
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        provider: playwright({ launchOptions: { executablePath, args: [...CHROMIUM_FLAGS] } }),
        instances: [{ browser: 'chromium', name: `@heed/agreement (${situation})` }],
        commands: { readOnnxCases },
      },
    },
  };
}
