import * as tf from '@tensorflow/tfjs-core';
import type { DataId, KernelBackend, TensorInfo } from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/core';
import { graphType, type Computed, type Underlying } from './trace-backend.js';
import type { KernelCall, TracedValue, Values } from './traced.js';

/** The only file of this package that touches inner parts of TensorFlow.js 4.22: which tensor a data id is of, and whose. */
interface EngineInner {
  readonly state: {
    readonly tensorInfo: { get(dataId: DataId): { readonly shape: number[]; readonly dtype: tf.DataType } | undefined };
    readonly registeredVariables: Readonly<Record<string, tf.Variable>>;
  };
  readSync(dataId: DataId): Values;
}

/** The engine `name` as what computes for a trace what depends on no input. */
export function underlying(name: string): Underlying & { canEvaluate(value: TracedValue): boolean } {
  const backend = tf.findBackend(name) as KernelBackend;
  const engine = tf.engine() as unknown as EngineInner;
  const computed = new WeakMap<TracedValue, Values>();

  const evaluate = (value: TracedValue): Values => {
    const { origin } = value;
    if (origin.kind === 'host') return origin.values;
    if (origin.kind === 'input') return refuse(`the input '${origin.name}'`);
    if (origin.kind === 'parameter') return refuse("a step's input");
    if (!value.isKnown) refuse(`the result of ${origin.node.kernel}`);
    if (!computed.has(value)) {
      const { results } = compute(origin.node);
      results.forEach(({ values }, n) => computed.set(origin.node.outputs[n], values));
    }
    return computed.get(value)!;
  };

  const compute = ({ kernel, names, inputs, attributes }: KernelCall): Computed => {
    const kernelFunc = tf.getKernel(kernel, name)?.kernelFunc;
    if (kernelFunc === undefined) return refuse(`the result of ${kernel}, which engine '${name}' can't compute`);
    const given = inputs.map((value): TensorInfo => {
      const shape = [...value.shape];
      return { dataId: backend.write(evaluate(value), shape, value.dtype), shape, dtype: value.dtype };
    });
    const byName = Object.fromEntries(names.map((input, n) => [input, given[n]]));
    const areListed = names.every((input, n) => input === String(n));
    const made = kernelFunc({
      inputs: (areListed ? given : byName) as tf.NamedTensorInfoMap,
      attrs: attributes as tf.NamedAttrMap,
      backend,
    });
    const infos = [made].flat();
    const results = infos.map(({ dataId, shape, dtype }) => ({
      shape,
      dtype: graphType(dtype),
      values: backend.readSync(dataId) as Values,
    }));
    for (const info of [...infos, ...given]) {
      if (info instanceof tf.Tensor) info.dispose();
      else backend.disposeData(info.dataId);
    }
    return { results, isList: Array.isArray(made) };
  };

  const evaluable = new WeakMap<TracedValue, boolean>();
  const canEvaluate = (value: TracedValue): boolean => {
    const { origin, isKnown } = value;
    if (origin.kind !== 'node' || !isKnown) return isKnown;
    const known = evaluable.get(value);
    if (known !== undefined) return known;
    const can = tf.getKernel(origin.node.kernel, name) !== undefined && origin.node.inputs.every(canEvaluate);
    evaluable.set(value, can);
    return can;
  };

  return {
    evaluate,
    compute,
    canEvaluate,
    read(dataId) {
      const info = engine.state.tensorInfo.get(dataId)!;
      const variable = Object.values(engine.state.registeredVariables).find((one) => one.dataId === dataId);
      return {
        shape: info.shape,
        dtype: graphType(info.dtype),
        origin: { kind: 'host', values: engine.readSync(dataId), ...(variable && { name: variable.name }) },
        isKnown: true,
      };
    },
  };
}

function refuse(what: string): never {
  throw new HeedError('INVALID_ARGUMENT', {
    message: `exportGraph: the graph reads the numbers of ${what} while it is traced, where there are none`,
    hint: 'what is computed may not depend on the numbers of inputs; compute with tensors instead',
  });
}
