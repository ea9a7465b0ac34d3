import { findDefinition, type MechanismDefinition } from '@heed/attention';
import { checkName } from '@heed/base';
import type { recurrent } from '@heed/networks';
import type { Network, RunInfo } from '@heed/nn';
import type { Preset } from '@heed/tasks';
import { camel } from '../attend/flags.js';
import type { Catalog } from '../catalog.js';
import { kebab } from '../flag-names.js';
import { flagOfSetting, settingsOf } from '../own/settings-of.js';
import { ownKind } from '../own/task-source.js';
import { decoderMechanismNames } from '../mechanism-names.js';
import type { TrainFlags } from '../commands/train-command.js';
import { mechanismsOf, type AnyTask } from '../known.js';
import { attentionIn, presetOf } from '../model.js';
import { typed, UsageError } from '../usage-error.js';

/** Flags of several commands that change a preset. */
type PresetFlags = Pick<TrainFlags, 'preset' | 'attention' | 'steps' | 'batchSize' | 'learningRate'>;

/** The task's preset with what the flags change. */
export function configure(task: AnyTask, flags: PresetFlags, catalog: Pick<Catalog, 'brought'>): Preset<Network> {
  const names = Object.keys(task.presets);
  const { preset: name = names[0], attention, steps, batchSize, learningRate } = flags;
  const preset = task.presets[typed(() => checkName('preset', name, names))];
  return {
    ...(attention === undefined ? preset : withAttention(task, preset, camel(attention), mechanismsOf(catalog))),
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
  task: AnyTask,
  flags: TrainFlags,
  { task: made, model, training, dataOptions }: RunInfo,
): string[] {
  const attention = attentionIn(model) ?? 'none';
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ['task', task.name, made],
    ['--seed', flags.seed, model.seed],
    ['--attention', flags.attention && camel(flags.attention), attention],
    ['--batch-size', flags.batchSize, training.batchSize],
    ['--learning-rate', flags.learningRate, training.learningRate],
    ['--lora', flags.lora, 'lora' in model ? model.lora : undefined],
    ['--preset', flags.preset, flags.preset && presetOf(task, model)],
    ...settingPairs(task, flags, dataOptions),
  ];
  return pairs.flatMap(([name, given, was]) =>
    given === undefined || given === was ? [] : [`${name} ${String(was)}`],
  );
}

/** Settings of somebody's own data: those typed, and those of the run. */
function settingPairs(
  { name }: AnyTask,
  flags: TrainFlags,
  made: RunInfo['dataOptions'],
): (readonly [string, unknown, unknown])[] {
  const kind = ownKind(name);
  if (kind === undefined) return [];
  return Object.entries(settingsOf(kind, flags)).map(([key, value]) => [flagOfSetting(key), value, made[key]]);
}

const HEADS = 4;

/** Another mechanism in the place of the preset's, with what it needs to fit. */
function withAttention(
  task: AnyTask,
  preset: Preset<Network>,
  kind: string,
  mechanisms: readonly MechanismDefinition[],
): Preset<Network> {
  const { model } = preset;
  if (!isRecurrent(model)) {
    throw new UsageError(
      `--attention is for recurrent encoder–decoders, and this is a ${model.kind} model`,
      `the presets of ${task.name} are: ${Object.keys(task.presets).join(', ')}`,
    );
  }
  const definition = findDefinition(kind, mechanisms);
  const names = [...decoderMechanismNames({ mechanisms }), 'none'];
  // What looks back is a mechanism, which the model refuses and says why.
  if (!definition?.looksBack) typed(() => checkName('attention', kebab(kind), names));
  if (kind === model.attention.kind) return preset;
  const title = kind === 'none' ? 'no attention' : `${kebab(kind)} attention`;
  const suggested = definition?.suggest?.({ width: model.decoderUnits, heads: HEADS });
  const attention = { kind, ...suggested } as typeof model.attention;
  // What compares the decoder's state with the memory as it is needs it to be as wide.
  const memoryWidth = model.encoderUnits * (model.bidirectional ? 2 : 1);
  const decoderUnits = definition?.fit.comparesAsIs ? memoryWidth : model.decoderUnits;
  // Its loss goes with the mechanism that keeps coverage.
  const { coverageLoss: _, ...rest } = model;
  const changed: Preset<typeof recurrent>['model'] = { ...rest, attention, decoderUnits };
  return { ...preset, title, model: changed };
}

const isRecurrent = (model: Preset<Network>['model']): model is Preset<typeof recurrent>['model'] =>
  model.kind === 'recurrent';
