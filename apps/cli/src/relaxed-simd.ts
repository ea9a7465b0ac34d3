import { setFlagsFromString } from 'node:v8';

/** V8 11.3, which is in Node 20, has WebAssembly's relaxed SIMD behind a flag; later ones have it without. */
const BEHIND_FLAG = /^11\.3\./;
const FLAG = '--experimental-wasm-relaxed-simd';
/** The flag, or the one that turns it off, as Node may have been given it. */
const GIVEN = /^--(?:no-?)?experimental[-_]wasm[-_]relaxed[-_]simd$/;

/**
 * Turns on relaxed SIMD, whose fused multiply–add the wasm backend is faster with, for this process and its threads. It has to come
 * before anything of WebAssembly is compiled. Where Node was told whether to have it, that stays.
 */
export function turnOnRelaxedSimd(): void {
  if (BEHIND_FLAG.test(process.versions.v8) && !process.execArgv.some((one) => GIVEN.test(one))) {
    setFlagsFromString(FLAG);
  }
}
