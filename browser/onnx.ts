import { runOnnx, type OnnxSource } from '@heed/conformance/onnx';
import type { BackendFactory } from '@heed/core';
import { it } from 'vitest';
import { commands } from 'vitest/browser';
import { expectAllPassed } from '../packages/conformance/test/onnx-expectation.js';
import type { readOnnxCases } from './onnx-command.js';

declare module 'vitest/browser' {
  interface BrowserCommands {
    readOnnxCases: typeof readOnnxCases;
  }
}

/** ONNX's backend node tests of Attention as a test. */
export function testOnnx(factory: BackendFactory): void {
  it(`all 46 of ONNX's backend node tests of Attention pass on ${factory.name}`, { timeout: 120_000 }, async () => {
    const cases: OnnxSource[] = (await commands.readOnnxCases()).map(({ id, sets }) => ({
      id,
      read: () =>
        sets.map(({ name, model, inputs, outputs }) => ({
          name,
          model: decode(model),
          inputs: inputs.map(decode),
          outputs: outputs.map(decode),
        })),
    }));
    expectAllPassed(await runOnnx(factory, cases));
  });
}

const decode = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
