import '@tensorflow/tfjs'; // gradients of TensorFlow.js's own ops, and its cpu engine
import { cpu } from '@heed/backend-cpu';
import { selectBackend } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import { runCommand } from './command.js';
import { CASE_NAMES, cpuCases } from './cpu-cases.js';
import { compare } from './harness.js';

/** Name of a second cpu engine, with TensorFlow.js's own kernels. */
const PLAIN_ENGINE = 'cpu-plain';

await runCommand({
  name: 'bench:cpu',
  description: '@heed/backend-cpu against @tensorflow/tfjs-backend-cpu, side by side in one run',
  caseNames: CASE_NAMES,
  async open() {
    tf.registerBackend(PLAIN_ENGINE, () => {
      const engine = new MathBackendCPU();
      // Otherwise it prints advice to install tfjs-node.
      (engine as unknown as { firstUse: boolean }).firstUse = false;
      return engine;
    });
    tf.copyRegisteredKernels('cpu', PLAIN_ENGINE);
    await selectBackend(cpu());
    const cases = cpuCases({ heed: 'cpu', peer: PLAIN_ENGINE });
    return {
      cases: cases.map((one) => ({ name: one.name, title: one.title, run: (rounds) => compare(one, rounds) })),
    };
  },
});
