import { findDefinition } from '@heed/attention';
import { checkName } from '@heed/base';
import type { KnownNetwork } from '@heed/networks';
import type { RunInfo } from '@heed/nn';
import type { Preset, Task } from '@heed/tasks';
import { camel } from '../attend/flags.js';
import { kebab } from '../flag-names.js';
import type { TrainFlags } from '../commands/train-command.js';
import { MECHANISM_NAMES } from '../mechanism-names.js';
import { presetOf } from '../model.js';
import { typed, UsageError } from '../usage-error.js';

/** Flags of several commands that change a preset. */
type PresetFlags = Pick<TrainFlags, 'preset' | 'attention' | 'steps' | 'batchSize' | 'learningRate'>;

/** The task's preset with what the flags change. */
export function configure(task: Task, flags: PresetFlags): Preset {
  const names = Object.keys(task.presets);
  const { preset: name = names[0], attention, steps, batchSize, learningRate } = flags;
  const preset = task.presets[typed(() => checkName('preset', name, names))];
  return {
    ...(attention === undefined ? preset : withAttention(task, preset, camel(attention))),
    training: {
      ...preset.training,
      ...(steps !== undefined && { steps }),
      ...(batchSize !== undefined && { batchSize }),
      ...(learningRate !== undefined && { learningRate }),
    },
  };
}

/** Flags that say something else than the run that is to be resumed: "--seed 7". Its length may change. */
export function contradictions(
  task: Task,
  flags: TrainFlags,
  { task: made, model, training }: RunInfo<KnownNetwork>,
): string[] {
  const attention = 'attention' in model ? (model.attention as { readonly kind: string }).kind : 'none';
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ['task', task.name, made],
    ['--seed', flags.seed, model.seed],
    ['--attention', flags.attention && camel(flags.attention), attention],
    ['--batch-size', flags.batchSize, training.batchSize],
    ['--learning-rate', flags.learningRate, training.learningRate],
    ['--preset', flags.preset, flags.preset && presetOf(task, model)],
  ];
  return pairs.flatMap(([name, given, was]) =>
    given === undefined || given === was ? [] : [`${name} ${String(was)}`],
  );
}

const HEADS = 4;

/** Another mechanism in the place of the preset's, with what it needs to fit. */
function withAttention(task: Task, preset: Preset, kind: string): Preset {
  const { model } = preset;
  if (model.kind !== 'recurrent') {
    throw new UsageError(
      `--attention is for recurrent encoder–decoders, and this is a ${model.kind} model`,
      `the presets of ${task.name} are: ${Object.keys(task.presets).join(', ')}`,
    );
  }
  typed(() => checkName('attention', kebab(kind), [...MECHANISM_NAMES, 'none']));
  if (kind === model.attention.kind) return preset;
  const title = kind === 'none' ? 'no attention' : `${kebab(kind)} attention`;
  const definition = findDefinition(kind);
  const suggested = definition?.suggest?.({ width: model.decoderUnits, heads: HEADS });
  const attention = { kind, ...suggested } as typeof model.attention;
  // What compares the decoder's state with the memory as it is needs it to be as wide.
  const memoryWidth = model.encoderUnits * (model.bidirectional ? 2 : 1);
  const decoderUnits = definition?.fit.comparesAsIs ? memoryWidth : model.decoderUnits;
  // Its loss goes with the mechanism that keeps coverage.
  const { coverageLoss: _, ...rest } = model;
  return { ...preset, title, model: { ...rest, attention, decoderUnits } };
}
