import { costOfAttention } from '../../cost/attention-cost.js';
import type { MechanismUse } from '../../cost/mechanism-use.js';
import type { Tally } from '../../cost/tally.js';
import { glorotUniform } from '../../initializers.js';
import type { ParameterSpec } from '../../parameters.js';
import { gateWidth } from './gate.js';
import { addProjections, layerSpecs, sizeOf, zeros, type Layers } from './layers.js';
import type { MultiHeadConfig } from './multi-head-options.js';
import { weighingSpecs } from './normalizer.js';
import { ownPositionSpecs } from './own-positions.js';
import { qkNormSpecs } from './qk-norm.js';
import { spanSpecs } from './span.js';

/** Heads of contexts, G of the softmax and H of the values, which talking heads may have in other numbers. */
export function headsOf({ heads, keyHeads, talkingHeads }: MultiHeadConfig): {
  readonly softmax: number;
  readonly value: number;
  readonly context: number;
} {
  if (talkingHeads === undefined) return { softmax: heads, value: keyHeads, context: heads };
  const { softmaxHeads = heads, valueHeads = heads } = talkingHeads;
  return { softmax: softmaxHeads, value: valueHeads, context: valueHeads };
}

/** What turns queries, keys, values and outputs. */
function layersOf(config: MultiHeadConfig): Layers {
  const { queryWidth, memoryWidth, keysWidth = memoryWidth, outputWidth, heads } = config;
  const { keyHeads, headWidth, valueWidth } = config;
  const { value, context } = headsOf(config);
  return {
    query: [queryWidth, heads * headWidth],
    key: [keysWidth, keyHeads * headWidth],
    value: [memoryWidth, value * valueWidth],
    output: [context * valueWidth, outputWidth],
  };
}

export function multiHeadParameters(config: MultiHeadConfig): Readonly<Record<string, ParameterSpec>> {
  const { queryWidth, heads, valueWidth, seed, relative, gate, talkingHeads, span } = config;
  const { softmax, context } = headsOf(config);
  const kernel = (stream: string, shape: readonly [number, number]): Record<string, ParameterSpec> => ({
    [stream]: { shape, initial: () => glorotUniform(shape, { seed, stream }) },
  });
  return {
    ...layerSpecs(layersOf(config), config),
    ...(relative && { relative: zeros([relative.shared ? 1 : heads, 2 * relative.reach + 1]) }),
    ...qkNormSpecs(config),
    ...weighingSpecs(config),
    ...(gate && kernel('gate_kernel', [queryWidth, gateWidth(gate, context, valueWidth)])),
    ...ownPositionSpecs(config),
    ...(talkingHeads && {
      ...kernel('logit_kernel', [heads, softmax]),
      ...kernel('weight_kernel', [softmax, context]),
    }),
    ...spanSpecs(span, { queryWidth, heads }),
  };
}

export function multiHeadCost(tally: Tally, config: MultiHeadConfig, use: MechanismUse): void {
  const { queryWidth, heads, keyHeads, headWidth, valueWidth, gate, talkingHeads, span, streaming } = config;
  const { batch, queries, calls } = use;
  const { softmax, context } = headsOf(config);
  tally.parameters(sizeOf(multiHeadParameters(config)));
  addProjections(tally, layersOf(config), ['key', 'value'], use);
  // One step at a time, a cache that forgets has no more than it keeps.
  const keys = streaming && queries === 1 ? Math.min(use.keys, streaming.sinks + streaming.window) : use.keys;
  const turnsTwice = streaming !== undefined && config.rotary !== undefined && streaming.positions !== 'text';
  const width = turnsTwice ? 2 * headWidth : headWidth;
  tally.op(
    costOfAttention({ op: 'dotProductAttention', batch, heads, keyHeads, queries, keys, width, valueWidth }),
    calls,
  );
  if (config.learnedPosition) tally.product({ m: batch * queries, k: heads * headWidth, n: 1 }, calls);
  if (gate) {
    const n = gateWidth(gate, context, valueWidth);
    tally.product({ m: batch * queries, k: queryWidth, n }, calls).functions(batch * queries * n * calls);
  }
  if (span?.dynamic) tally.product({ m: batch * queries, k: queryWidth, n: heads }, calls);
  if (talkingHeads) {
    tally.product({ m: batch * queries * keys, k: heads, n: softmax }, calls);
    tally.product({ m: batch * queries * keys, k: softmax, n: context }, calls);
  }
}
