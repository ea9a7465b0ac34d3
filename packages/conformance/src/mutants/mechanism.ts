import type {
  AttentionState,
  CompareCall,
  Comparison,
  MechanismDefinition,
  MechanismKind,
  SeenStep,
} from '@heed/attention';
import type * as tf from '@tensorflow/tfjs-core';

type Tensors = Readonly<Record<string, tf.Tensor>>;
type Change = (right: MechanismDefinition) => Partial<MechanismDefinition>;

/** A mechanism that is wrong on purpose, on a backend that is right: the cases of its kind must notice, with a reason like this. */
export interface MechanismMutant {
  readonly kind: MechanismKind;
  /** What is wrong with it. */
  readonly what: string;
  /** 'id: message' of a case that must fail, without the group. */
  readonly reason: RegExp;
  readonly change: Change;
}

/** Computed with other parameters than it was given. */
export const ofParameters =
  (change: (parameters: Tensors) => Tensors): Change =>
  (right) => ({
    bind: (config, parameters, turning) => right.bind(config, { ...parameters, ...change(parameters) }, turning),
  });

/** Computed with another parameter than it was given, in variants that have it. */
export const ofParameter = (name: string, change: (parameter: tf.Tensor) => tf.Tensor): Change =>
  ofParameters((parameters) => (Object.hasOwn(parameters, name) ? { [name]: change(parameters[name]) } : {}));

/** Computed with another value of an option than the configuration says, in variants that have it. */
export const ofOption =
  (name: string, value: unknown): Change =>
  (right) => {
    const changed = <Config extends object>(config: Config): Config =>
      Object.hasOwn(config, name) ? { ...config, [name]: value } : config;
    return {
      turned: (config) => right.turned?.(changed(config)),
      bind: (config, parameters, turning) => right.bind(changed(config), parameters, turning),
    };
  };

/** Another call than was made. */
export const ofCall =
  (change: (call: CompareCall) => Partial<CompareCall>): Change =>
  (right) => ({
    bind(config, parameters, turning) {
      const body = right.bind(config, parameters, turning);
      return { ...body, compare: (query, memory, call) => body.compare(query, memory, { ...call, ...change(call) }) };
    },
  });

/** Another comparison than is right. */
export const ofComparison =
  (change: (right: Comparison, query: tf.Tensor3D) => Comparison): Change =>
  (right) => ({
    bind(config, parameters, turning) {
      const body = right.bind(config, parameters, turning);
      return { ...body, compare: (query, memory, call) => change(body.compare(query, memory, call), query) };
    },
  });

/** Another next state than is right. */
export const ofState =
  (change: (right: AttentionState, before: AttentionState, seen: SeenStep) => Tensors): Change =>
  ({ state }) => ({
    state: {
      ...state!,
      next(before, seen) {
        const right = state!.next(before, seen);
        return { ...right, ...change(right, before, seen) };
      },
    },
  });
