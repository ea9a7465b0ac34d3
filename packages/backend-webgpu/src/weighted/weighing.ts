import type { WeightedContextRequest, WeightedInputs } from '@heed/core';
import type { Pass } from '../pass.js';
import type { Scope } from '../scope.js';
import { scoreTerms } from '../score-terms.js';
import { dropoutPart } from '../wgsl/dropout.js';
import { FLOATS } from '../wgsl/floats.js';

/** What the passes of a call share: scores `S`, which positions are open, and dropout. */
export type Weighing = Required<Pick<Pass, 'inputs' | 'integers' | 'floats' | 'code'>>;

export function weighingOf(scope: Scope, { scores, mask }: WeightedInputs, request: WeightedContextRequest): Weighing {
  const terms = scoreTerms(scope, request, request, { mask });
  const dropping = dropoutPart(request.dropout);
  const { batch, heads } = request;
  return {
    inputs: { S: scores, ...terms.inputs },
    integers: { batch, heads, ...terms.integers, ...dropping.integers },
    floats: dropping.floats,
    code: `${FLOATS}
${terms.code}
${dropping.code}
fn isOpen(n: i32, i: i32, j: i32) -> bool { return open(n / u.heads, n % u.heads, i, j); }`,
  };
}
