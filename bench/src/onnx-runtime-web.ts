import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as OrtWeb from 'onnxruntime-web';

/** onnxruntime-web's WebAssembly build on one thread, with its files from where it is installed. */
export async function onnxRuntimeWeb(): Promise<typeof OrtWeb> {
  const entry = createRequire(import.meta.url).resolve('onnxruntime-web/wasm');
  const ort = (await import(pathToFileURL(entry.replace(/\.js$/, '.mjs')).href)) as typeof OrtWeb;
  ort.env.wasm.wasmPaths = `${pathToFileURL(dirname(entry)).href}/`;
  ort.env.wasm.numThreads = 1;
  return ort;
}
