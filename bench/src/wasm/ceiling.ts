/// <reference lib="dom" />
/** assembly/ceiling.ts, compiled for plain SIMD and for fused multiply–add. */
const BYTES = {
  simd: 'AGFzbQEAAAABCAFgA399fQF9AwIBAAUDAQAABxgCC211bHRpcGx5QWRkAAAGbWVtb3J5AgAK9AEB8QECD3sBfyAB/RMiECIFIQ4gAv0TIhEiBiEPIAUiAyIHIgkhCyAGIgQiCCIKIQwDQCAAIBJKBEAgBSAQIBH95gEiDf3kASEFIAYgDf3kASEGIA4gDf3kASEOIA8gDf3kASEPIAMgDf3kASEDIAQgDf3kASEEIAcgDf3kASEHIAggDf3kASEIIAkgDf3kASEJIAogDf3kASEKIAsgDf3kASELIAwgDf3kASEMIBJBAWohEgwBCwsgBSAG/eQBIA4gD/3kAf3kASADIAT95AH95AEgByAI/eQBIAkgCv3kAf3kASALIAz95AH95AH95AH9HwAL',
  relaxed:
    'AGFzbQEAAAABCAFgA399fQF9AwIBAAUDAQAABxgCC211bHRpcGx5QWRkAAAGbWVtb3J5AgAKhQIBggICDnsBfyAB/RMiBSEPIAL9EyIGIRAgBSIDIgciCSILIQ0gBiIEIggiCiIMIQ4DQCAAIBFKBEAgBSAGIA/9hQIhDyAFIAYgEP2FAiEQIAUgBiAD/YUCIQMgBSAGIAT9hQIhBCAFIAYgB/2FAiEHIAUgBiAI/YUCIQggBSAGIAn9hQIhCSAFIAYgCv2FAiEKIAUgBiAL/YUCIQsgBSAGIAz9hQIhDCAFIAYgDf2FAiENIAUgBiAO/YUCIQ4gEUEBaiERDAELCyAPIBD95AEgAyAE/eQB/eQBIAcgCP3kAf3kASAJIAr95AEgCyAM/eQB/eQBIA0gDv3kAf3kAf3kAf0fAAs=',
} as const;

/** Floating-point operations of a step of the loop: twelve vectors of four multiply–adds. */
const OPERATIONS = 12 * 4 * 2;
const STEPS = 50_000;

/** Measures how many GFLOP/s a loop reaches that multiplies and adds registers and does nothing else. */
export function ceiling(simd: 'simd' | 'relaxed'): () => number {
  const module = new WebAssembly.Module(Buffer.from(BYTES[simd], 'base64'));
  const { multiplyAdd } = new WebAssembly.Instance(module).exports as unknown as {
    multiplyAdd(steps: number, x: number, y: number): number;
  };
  return () => {
    const start = performance.now();
    multiplyAdd(STEPS, 1e-3, 0.5);
    return (OPERATIONS * STEPS) / (performance.now() - start) / 1e6;
  };
}
