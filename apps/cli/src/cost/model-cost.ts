import { costOfModel, kindOf, type ConfigOf, type ModelCost, type Trainable } from '@heed/seq2seq';
import * as tf from '@tensorflow/tfjs-core';
import { measure, type Measured } from './measure.js';

/** What a model takes for a batch. */
export interface MeasuredModel {
  readonly title: string;
  readonly parameters: number;
  /** By the formulas of the whole model, for kinds that have some; of others, `counted` has those of the ops that ran. */
  readonly formula: ModelCost | undefined;
  readonly forward: Measured;
  readonly training: Measured;
}

/** Items of a batch of middling length: what most steps of a training are like. */
export function typicalBatch(config: ConfigOf, examples: readonly unknown[], size: number) {
  const kind = kindOf(config);
  const items = examples.flatMap((example) => kind.items(example));
  const lengths = items.map((item) => kind.lengths(item));
  const order = items
    .map((_, n) => n)
    .toSorted((a, b) => lengths[a]!.source - lengths[b]!.source || lengths[a]!.target - lengths[b]!.target);
  const start = Math.max(0, Math.min(order.length - size, Math.floor((order.length - size) / 2)));
  const chosen = order.slice(start, start + size);
  const longest = (side: 'source' | 'target'): number => Math.max(...chosen.map((n) => lengths[n]![side]));
  return { items: chosen.map((n) => items[n]!), source: longest('source'), target: longest('target') };
}

export type Batch = ReturnType<typeof typicalBatch>;

/** A new model of that configuration on the selected backend: a forward pass with its loss, and the gradients besides. */
export async function measureModel(
  title: string,
  config: ConfigOf,
  { items, source, target }: Batch,
  rounds: number,
): Promise<MeasuredModel> {
  const model = kindOf(config).create(config) as Trainable;
  try {
    const variables = Object.values(model.parameters);
    const forward = await measure(() => [model.loss(items)], rounds);
    const training = await measure(() => {
      const { value, grads } = tf.variableGrads(() => model.loss(items), variables);
      return [...Object.values(grads), value];
    }, rounds);
    const hasFormulas = config.kind === 'recurrent' || config.kind === 'transformer';
    return {
      title,
      parameters: model.parameterCount,
      formula: hasFormulas ? costOfModel(config, { source, target, batch: items.length }) : undefined,
      forward,
      training,
    };
  } finally {
    model.dispose();
  }
}
