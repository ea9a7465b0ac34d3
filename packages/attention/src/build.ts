import * as tf from '@tensorflow/tfjs-core';
import { HeedError, checkFlag, checkOptions, checkTensor, type Explanation } from '@heed/core';
import type { AnyConfig, MechanismDefinition, Parameters } from './definition.js';
import { parseConfig } from './fields.js';
import { refuseHooks } from './hooks.js';
import {
  ATTEND_OPTIONS,
  PARTS_OPTIONS,
  type AttendOptions,
  type Attended,
  type AttentionMechanism,
  type AttentionParts,
  type PartsOptions,
  type PreparedMemory,
} from './mechanism.js';
import { createParameters, type Weights } from './parameters.js';
import { apart, explainPass, look, lookAtParts, type Pass, type PassTensors } from './pass.js';
import { plan, type BoundState, type Plan } from './plan.js';
import { TableTurning, turningAnew, type Turned, type Turning } from './positions/turning.js';
import { prepareMemory, type MemoryMaker } from './prepare.js';
import type { ProjectedMemory } from './prepared-memory.js';
import { restoreMemory } from './restore.js';
import { beginning } from './beginning.js';
import { ownedBy } from './state.js';
import { firstStep, inSteps, type Stepped } from './steps.js';

/**
 * The mechanism of a definition: its configuration checked, its parameters made, and around its computation the checks,
 * ownership and shapes that all mechanisms share.
 *
 * @throws HeedError CONFIG_INVALID; with weights CHECKPOINT_INVALID, SHAPE_MISMATCH, DTYPE_UNSUPPORTED, NOT_FINITE
 */
export function buildMechanism<Config extends AnyConfig>(
  definition: MechanismDefinition<Config>,
  options: unknown,
  weights?: Weights,
): AttentionMechanism<Config> {
  const config = parseConfig(definition.kind, definition.schema, options);
  const parameters = createParameters(config.name, definition.parameters(config), weights);
  const turned = definition.turned?.(config);
  const turning = turned && new TableTurning(turned);
  const bound = bindParameters(definition, config, parameters, turning);
  return {
    ...bound,
    parameters,
    dispose() {
      bound.dispose();
      turning?.dispose();
      for (const parameter of Object.values(parameters)) parameter.dispose();
    },
  };
}

const anew = (turned: Turned | undefined): Turning | undefined => turned && turningAnew(turned);

/** A mechanism whose parameters are tensors of the caller's. */
export type BoundMechanism<Config extends AnyConfig = AnyConfig> = Omit<AttentionMechanism<Config>, 'parameters'>;

/** The computation of a definition on parameters that are there already: they are borrowed, and their gradients flow. */
export function bindParameters<Config extends AnyConfig>(
  definition: MechanismDefinition<Config>,
  config: Config,
  parameters: Parameters,
  turning = anew(definition.turned?.(config)),
): BoundMechanism<Config> {
  const { name } = config;
  const { queryWidth, memoryWidth, keysWidth = memoryWidth, contextWidth } = definition.widths(config);
  const body = definition.bind(config, parameters, turning);
  const { state } = definition;
  const bound: BoundState | undefined = state && {
    alongKeys: state.alongKeys ?? [],
    shapes: (keys) => state.shapes(keys, config),
    initial: (key, keys) => state.initial?.(key, keys, config),
  };
  const owner = {};
  const prepared = new WeakSet<object>();
  const isOwn = (memory: PreparedMemory): memory is ProjectedMemory => prepared.has(memory);
  let disposed = false;

  function assertAlive(call: string): void {
    if (disposed) throw new HeedError('DISPOSED', { message: `${name}: ${call} after dispose` });
  }

  function own(call: string, memory: PreparedMemory): ProjectedMemory {
    if (!isOwn(memory)) {
      throw new HeedError('INVALID_ARGUMENT', {
        message: `${name}: ${call}: the memory wasn't prepared by this mechanism`,
        hint: 'call prepare(memory) of the same mechanism first',
      });
    }
    memory.assertAlive(call);
    return memory;
  }

  function maker(): MemoryMaker {
    const positional = definition.positional?.(config) ?? false;
    const project: typeof body.project = (...given) => {
      assertAlive('append');
      return body.project(...given);
    };
    const { keeps, takesPositions = false } = body;
    return { what: name, memoryWidth, keysWidth, positional, project, keeps, takesPositions };
  }

  function ours(memory: ProjectedMemory): ProjectedMemory {
    prepared.add(memory);
    return memory;
  }

  function planned(
    call: string,
    query: tf.Tensor,
    memory: PreparedMemory,
    options: PartsOptions,
    { asStored }: { readonly asStored: boolean },
  ): Plan {
    const planner = {
      what: `${name}: ${call}`,
      queryWidth,
      heads: body.heads ?? 1,
      state: bound,
      owner,
      takesPositions: body.takesPositions ?? false,
      readsAsStored: asStored && (body.readsAsStored ?? false),
    };
    return plan(planner, query, own(call, memory), options);
  }

  const run = (pass: Pass, look: (pass: Pass) => PassTensors): Pick<Stepped, 'tensors'> & Partial<Stepped> =>
    state === undefined ? { tensors: look(pass) } : inSteps(pass, state, parameters, look);

  function attend<Q extends tf.Tensor, Weights extends boolean, LogSumExp extends boolean>(
    query: Q,
    memory: PreparedMemory,
    options: AttendOptions<Weights, LogSumExp> = {},
  ): Attended<Q, Weights, LogSumExp> {
    assertAlive('attend');
    checkOptions<AttendOptions>(`${name}: attend`, options, ATTEND_OPTIONS);
    const { scoreHook, maskHook, weightHook } = options;
    const hooks = { scoreHook, maskHook, weightHook };
    const asStored = !options.returnWeights && Object.values(hooks).every((hook) => hook === undefined);
    const { isStep, pass } = planned('attend', query, memory, options, { asStored });
    const returnWeights = checkFlag(`${name}: attend: returnWeights`, options.returnWeights);
    const returnLogSumExp = checkFlag(`${name}: attend: returnLogSumExp`, options.returnLogSumExp);
    if (state !== undefined) refuseHooks(`${name}: attend`, hooks);
    // The next state is made of the weights, whether they were asked for or not.
    const returns = { returnWeights: returnWeights || state !== undefined, returnLogSumExp, hooks };
    const attended = tf.tidy(() => {
      const { tensors, state: next } = run(pass(), (one) => look(body, one, returns));
      const { context, weights, logSumExp } = tensors;
      const squeeze = (x: tf.Tensor, axis: number): tf.Tensor => (isStep ? tf.squeeze(x, [axis]) : x);
      return {
        context: squeeze(context, 1) as Q,
        ...(returnWeights && { weights: squeeze(weights, weights.rank - 2) }),
        ...(returnLogSumExp && { logSumExp: squeeze(logSumExp, logSumExp.rank - 1) }),
        ...(next && { state: next }),
      } as Attended<Q, Weights, LogSumExp>;
    });
    if (attended.state !== undefined) ownedBy(owner, attended.state);
    return attended;
  }

  return {
    queryWidth,
    memoryWidth,
    keysWidth,
    contextWidth,
    keepsState: state !== undefined,
    forgets: body.keeps !== undefined,
    prepare(memory, options = {}) {
      assertAlive('prepare');
      return ours(prepareMemory(maker(), memory, options));
    },
    restore(tensors, options = {}) {
      assertAlive('restore');
      return ours(restoreMemory(maker(), tensors, options));
    },
    attend,
    initialState(memory, given = {}) {
      assertAlive('initialState');
      const prepared = own('initialState', memory);
      const start = tf.tidy(() => beginning(`${name}: initialState`, bound, prepared, given));
      return state && ownedBy(owner, start);
    },
    parts(query, memory, options = {}) {
      assertAlive('parts');
      checkOptions(`${name}: parts`, options, PARTS_OPTIONS);
      const { pass } = planned('parts', query, memory, options, { asStored: false });
      const prepared = own('parts', memory);
      return tf.tidy(() => {
        const all = pass();
        const { keys, values } = prepared.store.exact();
        const { tensors: found, states = {} } = run(all, (one) => lookAtParts(body, one, options.change));
        const { tensors, between } = apart(found);
        const parts = { ...tensors, keys: tf.clone(keys), values: tf.clone(values), states } as AttentionParts;
        return { ...parts, between: { ...between, ...body.between?.(all.query, all.memory, all, parts) } };
      });
    },
    loss(query) {
      assertAlive('loss');
      checkTensor(`${name}: loss: query`, query, { axes: ['B', 'T', queryWidth] });
      return tf.tidy(() => body.loss?.(query) ?? tf.scalar(0));
    },
    explain(query, memory, options = {}) {
      assertAlive('explain');
      checkOptions(`${name}: explain`, options, PARTS_OPTIONS);
      const { pass } = planned('explain', query, memory, options, { asStored: true });
      let explanation: Explanation | undefined;
      tf.tidy(() => {
        const one = state === undefined ? pass() : firstStep(pass());
        explanation = explainPass(body, one, options.change !== undefined);
      });
      return explanation!;
    },
    config: () => JSON.parse(JSON.stringify(config)) as Config,
    dispose() {
      disposed = true;
    },
  };
}
