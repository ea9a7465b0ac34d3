/// <reference lib="dom" />
import { env } from '@tensorflow/tfjs-core';
import { bytesOf } from './base64.js';
import { isNode } from './platform.js';

/**
 * Where the engine's own .wasm file comes from in a page: 'embedded' in this package, or as 'configured' with `setWasmPaths` of
 * @tensorflow/tfjs-backend-wasm, whose default is beside the page's script.
 */
export type EngineFiles = 'embedded' | 'configured';

interface EnginePackage {
  setWasmPaths(paths: Readonly<Record<string, string>>): void;
}

/**
 * Hands the engine its file, which it would look for beside the page's script, where no bundler puts it. In Node it finds it
 * by itself.
 *
 * @param wasmPackage  @tensorflow/tfjs-backend-wasm, before its engine has started
 */
export async function provideEngineFiles(wasmPackage: EnginePackage): Promise<void> {
  if (isNode()) return;
  // The engine's build with threads starts them from the source text of one of its functions, which names others by the time
  // a minifier is done; and then waits for them for good. Heed's threads don't need it.
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  const { BASE64 } = await import('./modules/engine.generated.js');
  const url = URL.createObjectURL(new Blob([bytesOf(BASE64)], { type: 'application/wasm' }));
  // The engine wants all three names, and reads one.
  const names = ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm', 'tfjs-backend-wasm-threaded-simd.wasm'];
  wasmPackage.setWasmPaths(Object.fromEntries(names.map((name) => [name, url])));
}
