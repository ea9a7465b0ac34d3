import { fileURLToPath } from 'node:url';
import type { OnnxFiles } from '@heed/onnx';
import { loadOnnxFolder } from '@heed/onnx/node';
import type { BrowserCommand } from 'vitest/node';

/** One of ONNX's tests, with its files in base64, since only JSON goes from Node to a page. */
export interface EncodedOnnxCase {
  readonly id: string;
  readonly sets: readonly Encoded<OnnxFiles>[];
}

type Encoded<T> = { readonly [K in keyof T]: T[K] extends readonly Uint8Array[] ? readonly string[] : string };

/** Command that tests in a page call with the name of a folder of vectors/, since a page can't read folders. */
export const readOnnxCases: BrowserCommand<[folder: string]> = async (
  _,
  folder,
): Promise<readonly EncodedOnnxCase[]> => {
  const cases: EncodedOnnxCase[] = [];
  for (const { id, read } of await loadOnnxFolder(fileURLToPath(new URL(`../vectors/${folder}/`, import.meta.url)))) {
    const sets = (await read()).map(({ name, model, inputs, outputs }) => ({
      name,
      model: encode(model),
      inputs: inputs.map(encode),
      outputs: outputs.map(encode),
    }));
    cases.push({ id, sets });
  }
  return cases;
};

const encode = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
