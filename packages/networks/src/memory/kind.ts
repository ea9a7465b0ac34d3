import { parseConfig, type Network } from '@heed/nn';
import type { AnsweredStory } from './batch.js';
import { memorySchema, type MemoryConfig } from './config.js';
import { costOfMemory } from './cost.js';
import { createMemoryNetwork, type MemoryNetwork } from './memory-network.js';

/** Memory networks: each story is learnt once, and the error is the share of wrong answers. */
export const memory: Network<MemoryConfig, MemoryNetwork, AnsweredStory, AnsweredStory> = {
  kind: 'memory',
  parse: (value) => parseConfig('memory network', memorySchema, value) as MemoryConfig,
  create: createMemoryNetwork,
  cost: costOfMemory,
  items: (story) => [story],
  lengths: ({ facts, question }) => ({ source: facts.length, target: question.length }),
  async validate(model, examples) {
    const answers = await model.answer(examples);
    const wrong = answers.filter(({ answer }, n) => !isSameAnswer(answer, examples[n].answer)).length;
    const errorRate = wrong / examples.length;
    return { error: errorRate, figures: { errorRate } };
  },
};

/** Whether two answers have the same words, in whatever order. */
export const isSameAnswer = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.toSorted().every((word, n) => word === b.toSorted()[n]);
