import * as tf from '@tensorflow/tfjs-core';
import type { Case } from '../case.js';
import { CASES } from '../cases/index.js';
import type { CaseResult } from '../report.js';
import { runAgreement } from './agreement.js';
import { runLeak, runOwnership, runRepeat } from './conduct.js';
import { runError } from './errors.js';
import { runLifecycle } from './lifecycle.js';
import { runManifest } from './manifest.js';
import { runMatMul } from './matmul.js';
import { runMechanism } from './mechanism.js';
import { runModel } from './model.js';
import type { Finding, Session } from './session.js';

/**
 * Runs a case on the session's backend. It never throws: an error is a failure of the case.
 *
 * @param knownFailure reason why the case is expected to fail; then passing is a failure
 */
export async function runCase(one: Case, session: Session, knownFailure?: string): Promise<CaseResult> {
  const start = tf.util.now();
  const finding = await findingOf(one, session);
  const { failures, skipped, outputs = [], path, reasons = [] } = finding;
  const base = {
    id: one.id,
    group: one.group,
    ...(path && { path, ...(path !== 'fused' && { reasons }) }),
    outputs,
    ms: tf.util.now() - start,
  };
  if (skipped !== undefined) return { ...base, status: 'skipped', message: skipped };
  if (failures.length > 0) {
    const message = failures.join('\n');
    return knownFailure === undefined
      ? { ...base, status: 'failed', message }
      : { ...base, status: 'known failure', message: `${knownFailure}: ${message}` };
  }
  return knownFailure === undefined
    ? { ...base, status: 'passed' }
    : {
        ...base,
        status: 'failed',
        message: `listed as a known failure (${knownFailure}) but it passes: take it off the list`,
      };
}

async function findingOf(one: Case, session: Session): Promise<Finding> {
  try {
    switch (one.kind) {
      case 'agreement':
        return await runAgreement(one, session);
      case 'error':
        return await runError(one);
      case 'matmul':
        return await runMatMul(one, session);
      case 'model':
        return await runModel(one, session);
      case 'mechanism':
        return await runMechanism(one, session);
      case 'leak':
        return await runLeak(one);
      case 'ownership':
        return await runOwnership(one);
      case 'repeat':
        return await runRepeat(one, session);
      case 'manifest':
        return await runManifest(one, session, CASES);
      case 'lifecycle':
        return await runLifecycle(one, session);
    }
  } catch (error) {
    return { failures: [`threw ${describeError(error)}`] };
  }
}

const FRAMES = 4;

/** Name and message of an error, and the line that threw it; the rest of the stack isn't needed. */
function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return [`${error.name}: ${error.message}`, ...frames.slice(0, FRAMES)].join('\n');
}
