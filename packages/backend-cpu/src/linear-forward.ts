import type { LinearAttentionRequest } from '@heed/core';
import { LinearHead, type LinearArrays } from './linear-head.js';
import type { Workspace } from './workspace.js';

export interface LinearResultArrays {
  readonly context: Float32Array;
  /** [B, Hk, D, Dv]; when asked for, as the next. */
  readonly state: Float32Array | undefined;
  /** [B, Hk, D] */
  readonly normalizer: Float32Array | undefined;
}

/** One pass over the steps of each key head, reading after each one for the query heads of its group. */
export function linearForward(
  arrays: LinearArrays,
  request: LinearAttentionRequest,
  workspace: Workspace,
): LinearResultArrays {
  const { batch, heads, keyHeads, queries, width, valueWidth, normalize, returnState } = request;
  const head = new LinearHead(arrays, request, workspace);
  const { columns, size } = head;
  const context = new Float32Array(batch * heads * queries * valueWidth);
  const states = returnState ? new Float32Array(batch * keyHeads * width * valueWidth) : undefined;
  const normalizers = returnState && normalize ? new Float32Array(batch * keyHeads * width) : undefined;
  const state = workspace.floats('linearState', size);
  const read = workspace.floats('linearRead', columns);
  const group = heads / keyHeads;
  for (let b = 0; b < batch; b++) {
    for (let h = 0; h < keyHeads; h++) {
      head.enter(b, h);
      head.begin(state);
      for (let t = 0; t < head.steps; t++) {
        head.advance(state, t);
        for (let g = 0; g < group; g++) {
          const row = (b * heads + h * group + g) * queries + t;
          head.read(state, row, read);
          const denominator = normalize ? read[valueWidth] : 1;
          if (denominator === 0) continue;
          for (let c = 0; c < valueWidth; c++) context[row * valueWidth + c] = read[c] / denominator;
        }
      }
      for (let d = 0; d < width; d++) {
        const to = head.at * width + d;
        if (states) for (let c = 0; c < valueWidth; c++) states[to * valueWidth + c] = state[d * columns + c];
        if (normalizers) normalizers[to] = state[d * columns + valueWidth];
      }
    }
  }
  return { context, state: states, normalizer: normalizers };
}
