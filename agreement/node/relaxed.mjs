// Prints what the conformance suite says of the relaxed build, on each number of threads that it is given; run by relaxed.test.ts.
import '@tensorflow/tfjs'; // gradients of TensorFlow.js's own ops
import { runConformance } from '@heed/conformance';
import { wasm } from '@heed/backend-wasm';

for (const threads of process.argv.slice(2).map(Number)) {
  const report = await runConformance(wasm({ simd: 'relaxed', threads, threadsFrom: 0 }));
  const { totals, capabilities } = report;
  console.log(JSON.stringify({ ...totals, simd: capabilities.simd, threads: capabilities.threads }));
}
