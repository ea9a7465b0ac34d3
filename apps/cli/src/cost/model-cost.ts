import { costOfModel, type ModelCost } from '@heed/networks';
import { findNetwork, type ConfigOf, type Network, type Trainable } from '@heed/nn';
import * as tf from '@tensorflow/tfjs-core';
import { measureInTurns, type Measured, type Work } from './measure.js';

/** What a model takes for a batch. */
export interface MeasuredModel {
  readonly title: string;
  readonly parameters: number;
  /** By the formulas of the whole model, for networks that have some; of others, `counted` has those of the ops that ran. */
  readonly formula: ModelCost | undefined;
  readonly forward: Measured;
  readonly training: Measured;
}

/** Items of a batch of middling length: what most steps of a training are like. */
export function typicalBatch(
  config: ConfigOf,
  examples: readonly unknown[],
  size: number,
  networks: readonly Network[],
) {
  const network = findNetwork(config, networks);
  const items = examples.flatMap((example) => network.items(example));
  const lengths = items.map((item) => network.lengths(item));
  const order = items
    .map((_, n) => n)
    .toSorted((a, b) => lengths[a].source - lengths[b].source || lengths[a].target - lengths[b].target);
  const start = Math.max(0, Math.min(order.length - size, Math.floor((order.length - size) / 2)));
  const chosen = order.slice(start, start + size);
  const longest = (side: 'source' | 'target'): number => Math.max(...chosen.map((n) => lengths[n][side]));
  return { items: chosen.map((n) => items[n]!), source: longest('source'), target: longest('target') };
}

export type Batch = ReturnType<typeof typicalBatch>;

/** What is measured: a configuration, and its name for people. */
export interface Candidate {
  readonly title: string;
  readonly config: ConfigOf;
}

interface Measuring {
  readonly rounds: number;
  /** The networks that the models may be of. */
  readonly networks: readonly Network[];
}

/**
 * New models of these configurations on the selected backend, in turns: a forward pass with its loss, and the gradients besides.
 */
export async function measureModels<Side extends string>(
  candidates: Readonly<Record<Side, Candidate>>,
  { items, source, target }: Batch,
  { rounds, networks }: Measuring,
): Promise<Record<Side, MeasuredModel>> {
  const sides = Object.keys(candidates) as Side[];
  const models = {} as Record<Side, Trainable>;
  try {
    for (const side of sides) {
      const { config } = candidates[side];
      models[side] = findNetwork(config, networks).create(config);
    }
    const inTurns = (work: (model: Trainable) => tf.Tensor[]) =>
      measureInTurns(
        Object.fromEntries(sides.map((side) => [side, () => work(models[side])])) as Record<Side, Work>,
        rounds,
      );
    const forward = await inTurns((model) => [model.loss(items)]);
    const training = await inTurns((model) => {
      const { value, grads } = tf.variableGrads(() => model.loss(items), Object.values(model.parameters));
      return [...Object.values(grads), value];
    });
    const measured = sides.map((side): [Side, MeasuredModel] => {
      const { title, config } = candidates[side];
      const hasFormulas = findNetwork(config, networks).cost !== undefined;
      return [
        side,
        {
          title,
          parameters: models[side].parameterCount,
          formula: hasFormulas ? costOfModel(config, { source, target, batch: items.length }, { networks }) : undefined,
          forward: forward[side],
          training: training[side],
        },
      ];
    });
    return Object.fromEntries(measured) as Record<Side, MeasuredModel>;
  } finally {
    for (const model of Object.values<Trainable>(models)) model.dispose();
  }
}
