import type { LanguageModel } from '@heed/networks';
import type { Graph } from '@heed/nn';
import { exportGraph } from '@heed/onnx/export';
import { openSessions, type Outputs, type Plain } from './sessions.js';

/** A part of a model, by its name. */
export const partOf = (model: LanguageModel, name: string): Graph =>
  model.graphs!().find((graph) => graph.name === name)!;

/** Steps of a language model in onnxruntime-web, with its cache. */
export interface Steps {
  /** Reads symbols one by one from the beginning on, and hands over the scores of what follows each, [V]. */
  read(ids: Int32Array, each: (logits: Float32Array, n: number) => void): Promise<void>;
  dispose(): Promise<void>;
}

/** How long the text may get, as `heed export` has it: well beyond the window of a model, so that the step is seen to have one. */
const LONGEST = 512;

export async function openSteps(model: LanguageModel): Promise<Steps> {
  const step = partOf(model, 'step');
  const isGrowing = Object.values(step.inputs).some(({ shape }) => shape.includes('past'));
  const { run, dispose } = await openSessions({
    step: await exportGraph(step, isGrowing ? { longest: { past: LONGEST }, shortest: { past: 0 } } : {}),
  });
  const states = Object.keys(step.inputs).filter((name) => name.startsWith('state/'));
  return {
    async read(ids, each) {
      let state: Readonly<Record<string, Plain | Outputs[string]>> = Object.fromEntries(
        states.map((name) => [name, nothing(step.inputs[name].shape)]),
      );
      for (let n = 0; n < ids.length; n++) {
        const symbol: Plain = { type: 'int32', data: ids.subarray(n, n + 1), dims: [1] };
        const { logits, ...next } = await run('step', { symbol, ...state });
        each(logits.data as Float32Array, n);
        state = Object.fromEntries(states.map((name) => [name, next[name.replace('state', 'next')]]));
      }
    },
    dispose,
  };
}

/** A state before the first symbol: zeros, of what is past none. */
function nothing(shape: Graph['inputs'][string]['shape']): Plain {
  const dims = shape.map((length) => (typeof length === 'number' ? length : length === 'past' ? 0 : 1));
  return { type: 'float32', data: new Float32Array(dims.reduce((size, length) => size * length, 1)), dims };
}
