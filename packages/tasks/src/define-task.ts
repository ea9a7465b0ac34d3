import { HeedError, checkOptions, type OptionNames } from '@heed/core';
import type { Dataset } from '@heed/datasets';
import type { ExampleOf, Network } from '@heed/nn';
import type { AnswerOptions, Judgement, JudgeOptions, Task } from './task.js';

/** A task that is judged by its outcomes and their figures, and refuses options which it doesn't declare. Judgements without examples have no figures. */
export function defineTask<N extends Network, Input, Data extends Dataset<ExampleOf<N> & Input>>(
  task: Omit<Task<N, Input, Data>, 'judge'>,
): Task<N, Input, Data> {
  const outcomes: Task<N, Input, Data>['outcomes'] = async (model, examples, options = {}) => {
    checkOptions(`${task.name}: judge`, options, JUDGE_OPTIONS);
    assertOptions(task, options);
    return task.outcomes(model, examples, options);
  };
  const figures: Task<N, Input, Data>['figures'] = (examples, found) =>
    withoutRatesOfNone(task.figures(examples, found));
  return {
    ...task,
    parse(text, pictures = []) {
      assertPictures(task, pictures.length);
      return task.parse(text, pictures);
    },
    outcomes,
    figures,
    async judge(model, examples, options) {
      const found = await outcomes(model, examples, options);
      return figures(examples.slice(0, found.length), found);
    },
    baselines: task.baselines.map(({ title, judge }) => ({
      title,
      judge: async (train, examples) => withoutRatesOfNone(await judge(train, examples)),
    })),
    async answer(model, inputs, options = {}) {
      checkOptions(`${task.name}: answer`, options, ANSWER_OPTIONS);
      if (options.sampling !== undefined) checkOptions(`${task.name}: sampling`, options.sampling, SAMPLING_OPTIONS);
      assertOptions(task, options);
      return task.answer(model, inputs, options);
    },
  };
}

const JUDGE_OPTIONS: OptionNames<JudgeOptions> = { beam: true, outputs: true, signal: true, onProgress: true };
const ANSWER_OPTIONS: OptionNames<AnswerOptions> = { beam: true, outputs: true, sampling: true };
const SAMPLING_OPTIONS: OptionNames<NonNullable<AnswerOptions['sampling']>> = {
  seed: true,
  temperature: true,
  topK: true,
  topP: true,
  length: true,
};

/** A judgement whose figures are left out when it has no examples: a rate of nothing is neither 0 nor 1. */
const withoutRatesOfNone = (judgement: Judgement): Judgement =>
  judgement.examples > 0 ? judgement : { ...judgement, figures: {} };

function assertPictures(
  { name, pictures }: Pick<Task, 'name'> & { readonly pictures?: { readonly most: number } },
  count: number,
): void {
  const most = pictures?.most ?? 0;
  if (count <= most && (count > 0 || most === 0)) return;
  throw new HeedError('INVALID_ARGUMENT', {
    message: `${name}: ${count === 0 ? 'there is no picture' : `an input has ${count} picture${count === 1 ? '' : 's'}`}`,
    hint: most === 0 ? 'it reads texts alone' : most === 1 ? 'give one: a PNG, JPEG or WebP file' : `give 1 to ${most}`,
    details: { pictures: count, most },
  });
}

type Options = Pick<Task, 'name' | 'options'> & { readonly outputs?: unknown };

function assertOptions({ name, options, outputs }: Options, given: AnswerOptions): void {
  const { beam = 1, sampling } = given;
  if (beam !== 1 && !options.includes('beam')) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${name}: beam is ${beam}, and nothing is searched`,
      hint: options.includes('sampling') ? 'answers take temperature, topK, topP, length and seed' : 'leave it out',
      details: { beam },
    });
  }
  if (given.outputs !== undefined && outputs === undefined) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${name}: outputs are given, and all outputs are of one kind`,
      hint: 'leave them out',
    });
  }
  if (sampling !== undefined && !options.includes('sampling')) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${name}: sampling is given, and nothing is drawn at random`,
      hint: 'leave it out',
      details: { sampling },
    });
  }
}
