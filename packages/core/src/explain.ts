import { HeedError, show, suggestion } from '@heed/base';
import { PREPARE, type Call } from './ops/calls.js';
import type { Prepared } from './ops/prepared.js';
import type { OpRequest } from './ops/table.js';
import { pathOf, type Path } from './path.js';

export interface Explanation extends Path {
  /** The call as kernels would see it. */
  readonly request: OpRequest;
}

/**
 * Which path a call would take now, and why: 'fused' in the selected backend's kernel, 'composed' of the engine's ops, or
 * 'empty'. Throws what the op would throw for invalid arguments.
 */
export function explain(call: Call): Explanation {
  const { op, request } = prepare(call);
  return { ...pathOf(op, request), request };
}

function prepare(call: Call): Prepared<OpRequest> {
  const name: unknown = call?.op;
  if (!Object.hasOwn(PREPARE, String(name))) {
    throw new HeedError('UNKNOWN_NAME', {
      message: `explain: the op is ${show(name)}`,
      hint: suggestion(String(name), Object.keys(PREPARE), 'there are'),
    });
  }
  const prepareCall: (call: never) => Prepared<OpRequest> = PREPARE[call.op];
  return prepareCall(call as never);
}
