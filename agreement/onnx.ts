import { runOnnx, type OnnxSource } from '@heed/onnx';
import type { BackendFactory } from '@heed/core';
import { it } from 'vitest';
import { commands } from 'vitest/browser';
import { ONNX_FOLDERS, expectAllPassed } from './onnx-expectation.js';
import type { EncodedOnnxCase } from './onnx-command.js';

declare module 'vitest/browser' {
  interface BrowserCommands {
    readOnnxCases: (folder: string) => Promise<readonly EncodedOnnxCase[]>;
  }
}

/** Runs ONNX's backend node tests as tests. */
export function testOnnx(factory: BackendFactory): void {
  it.each(Object.entries(ONNX_FOLDERS))(
    `%s: all %d pass on ${factory.name}`,
    { timeout: 120_000 },
    async (folder, count) => {
      const cases: OnnxSource[] = (await commands.readOnnxCases(folder)).map(({ id, sets }) => ({
        id,
        read: () =>
          sets.map(({ name, model, inputs, outputs }) => ({
            name,
            model: decode(model),
            inputs: inputs.map(decode),
            outputs: outputs.map(decode),
          })),
      }));
      expectAllPassed(await runOnnx(factory, cases), count);
    },
  );
}

const decode = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
