import { HeedError } from '@heed/core';
import * as v from 'valibot';
import { parseConfig, seed } from '../layers/schema.js';
import { parseNetworkConfig, type ConfigOf } from '../training/networks.js';
import type { Network } from '../training/trainable.js';
import type { Evaluation, TrainerState } from '../training/trainer-state.js';
import { evaluationSchema } from './training-file.js';
import { trainingSchema, type TrainingConfig } from '../training/training-config.js';
import { parseJson } from './json.js';

/** What a run is about: decided when it starts, checked when it goes on. */
export interface RunDescription<N extends Network = Network> {
  /** Name of the task, 'g2p'. */
  readonly task: string;
  /** Names the data exactly; a run goes on only with the same. */
  readonly dataVersion: string;
  /** Options that the data was loaded with, and the names of files that it was read from. */
  readonly dataOptions: Readonly<Record<string, number | boolean | string | readonly string[]>>;
  readonly model: ConfigOf<N>;
  readonly training: TrainingConfig;
}

export interface RunProgress {
  readonly step: number;
  readonly steps: number;
  /** Training time so far, over all sessions. */
  readonly seconds: number;
  readonly best: Evaluation | null;
  readonly evaluations: readonly Evaluation[];
}

/** What run.json says. Its progress may be one save older than the files beside it after a kill. */
export interface RunInfo<N extends Network = Network> extends RunDescription<N> {
  readonly formatVersion: 1;
  readonly progress: RunProgress;
}

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(1000));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const description = {
  task: text,
  dataVersion: text,
  dataOptions: v.record(text, v.union([v.pipe(v.number(), v.finite()), v.boolean(), v.string(), v.array(v.string())])),
  model: v.looseObject({ kind: v.string(), seed }),
  training: trainingSchema,
};

const schema = v.strictObject({
  formatVersion: v.literal(1),
  ...description,
  progress: v.strictObject({
    step: count,
    steps: count,
    seconds: v.pipe(v.number(), v.finite(), v.minValue(0)),
    best: v.nullable(evaluationSchema),
    evaluations: v.array(evaluationSchema),
  }),
});

/** @throws HeedError CONFIG_INVALID */
export function checkDescription<N extends Network>(value: unknown, networks: readonly N[]): RunDescription<N> {
  const { model, ...rest } = parseConfig('run', v.strictObject(description), value);
  return { ...rest, model: parseNetworkConfig(model, networks) };
}

export function runInfo<N extends Network>(
  run: RunDescription<N>,
  { step, best, evaluations }: TrainerState,
  seconds: number,
): RunInfo<N> {
  return {
    formatVersion: 1,
    ...run,
    progress: { step, steps: run.training.steps, seconds, best: best?.evaluation ?? null, evaluations },
  };
}

export const encodeRunInfo = (info: RunInfo): Uint8Array =>
  new TextEncoder().encode(`${JSON.stringify(info, undefined, 2)}\n`);

/** @throws HeedError CHECKPOINT_INVALID */
export function decodeRunInfo<N extends Network>(bytes: Uint8Array, networks: readonly N[]): RunInfo<N> {
  let value: unknown;
  try {
    value = parseJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new HeedError('CHECKPOINT_INVALID', {
      message: 'run.json is not JSON in UTF-8',
      hint: 'the file is damaged',
      cause,
    });
  }
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (!result.success) {
    const [issue] = result.issues;
    throw invalid(`'${v.getDotPath(issue) ?? ''}' is wrong: ${issue.message.slice(0, 300)}`);
  }
  try {
    return { ...result.output, model: parseNetworkConfig(result.output.model, networks) };
  } catch (error) {
    throw invalid((error as Error).message);
  }
}

const invalid = (message: string): HeedError =>
  new HeedError('CHECKPOINT_INVALID', {
    message: `run.json: ${message}`,
    hint: 'the file is damaged, or of another version',
  });
