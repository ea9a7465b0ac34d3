import * as tf from '@tensorflow/tfjs-core';
import { HeedError, activeBackend, selectBackend } from '@heed/core';
import { agreement, type LifecycleCase } from '../case.js';
import { draw } from '../draw.js';
import { Performer } from '../perform.js';
import { ALL_OUTPUTS, dot } from '../examples.js';
import { runAgreement } from './agreement.js';
import type { Finding, Session } from './session.js';

/** Runs a case about the life of a backend. Each check may dispose the session's backend; it is selected again afterwards. */
export async function runLifecycle({ check }: LifecycleCase, session: Session): Promise<Finding> {
  try {
    return await CHECKS[check](session);
  } finally {
    await session.reselect();
  }
}

const PROBE = agreement('dispose', 'probe', dot({ causal: { align: 'bottom-right' }, outputs: ALL_OUTPUTS }));

const CHECKS: Readonly<Record<LifecycleCase['check'], (session: Session) => Promise<Finding>>> = {
  twice: async ({ backend }) => {
    await backend.dispose();
    await backend.dispose();
    return { failures: activeBackend() === undefined ? [] : ['the backend is still active after dispose()'] };
  },

  'runs-composed-afterwards': async (session) => {
    await session.backend.dispose();
    const finding = await runAgreement(PROBE, session);
    const { path } = finding;
    const failures = path === 'composed' ? [] : [`after dispose() the path is ${path}, expected composed`];
    return { ...finding, failures: [...failures, ...finding.failures] };
  },

  'refuses-afterwards': async ({ backend }) => {
    const performer = new Performer(draw(PROBE.example, PROBE.seed));
    try {
      const { request } = performer.explain();
      await backend.dispose();
      backend.unsupportedReasons(request);
      return { failures: ['unsupportedReasons() answers after dispose()'] };
    } catch (error) {
      return {
        failures: HeedError.isInstance(error, 'DISPOSED') ? [] : [`expected HeedError DISPOSED, got ${String(error)}`],
      };
    } finally {
      performer.dispose();
    }
  },

  'restores-the-engine': async ({ backend, factory }) => {
    await backend.dispose();
    const before = kernelsOf(backend.engine);
    const { numTensors } = tf.memory();
    const again = await selectBackend(factory);
    const performer = new Performer(draw(PROBE.example, PROBE.seed));
    tf.dispose([performer.forward(), performer.gradients()] as tf.TensorContainer);
    performer.dispose();
    await again.dispose();
    const after = kernelsOf(backend.engine);
    const names = [...new Set([...before.keys(), ...after.keys()])];
    const left = tf.memory().numTensors - numTensors;
    return {
      failures: [
        ...names
          .filter((name) => before.get(name) !== after.get(name))
          .map((name) => `kernel ${name} of engine '${backend.engine}' isn't as it was`),
        ...(left === 0 ? [] : [`${left} tensors are left behind`]),
      ],
    };
  },

  again: async (session) => {
    const before = await runAgreement(PROBE, session);
    await session.reselect();
    const after = await runAgreement(PROBE, session);
    const same = before.path === after.path;
    return {
      ...after,
      failures: [...(same ? [] : [`the path was ${before.path} and is ${after.path}`]), ...after.failures],
    };
  },
};

function kernelsOf(engine: string): Map<string, unknown> {
  return new Map(tf.getKernelsForBackend(engine).map(({ kernelName, kernelFunc }) => [kernelName, kernelFunc]));
}
