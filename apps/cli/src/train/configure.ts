import { findDefinition, type MechanismDefinition } from '@heed/attention';
import { checkName } from '@heed/base';
import type { captioner, recurrent } from '@heed/networks';
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
import { attentionIn, choosesAttention } from '../attention-in.js';
import { presetOf } from '../model.js';
import { typed, UsageError } from '../usage-error.js';

/** Flags of several commands that change a preset. */
type PresetFlags = Pick<TrainFlags, 'preset' | 'attention' | 'steps' | 'batchSize' | 'learningRate' | 'evaluateEvery'>;

/** The task's preset with what the flags change. */
export function configure(task: AnyTask, flags: PresetFlags, catalog: Pick<Catalog, 'brought'>): Preset<Network> {
  const names = Object.keys(task.presets);
  const { preset: name = names[0], attention, steps, batchSize, learningRate, evaluateEvery } = flags;
  const preset = task.presets[typed(() => checkName('preset', name, names))];
  return {
    ...(attention === undefined ? preset : withAttention(task, preset, camel(attention), mechanismsOf(catalog))),
    training: {
      ...preset.training,
      ...(steps !== undefined && { steps }),
      ...(batchSize !== undefined && { batchSize }),
      ...(learningRate !== undefined && { learningRate }),
      ...(evaluateEvery !== undefined && { evaluateEvery }),
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
    ['--evaluate-every', flags.evaluateEvery, training.evaluateEvery],
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
  const model = preset.model as Recurrent | Captioner | { readonly kind: string };
  if (!isOpen(model)) {
    throw new UsageError(
      `--attention is for recurrent encoder–decoders and captioners, and this is a ${model.kind} model`,
      `the presets of ${task.name} are: ${Object.keys(task.presets).join(', ')}`,
    );
  }
  const definition = findDefinition(kind, mechanisms);
  const names = [...decoderMechanismNames({ mechanisms }), 'none'];
  // What looks back is a mechanism, which the model refuses and says why.
  if (!definition?.looksBack) typed(() => checkName('attention', kebab(kind), names));
  if (kind === attentionIn(model)) return preset;
  const title = kind === 'none' ? 'no attention' : `${kebab(kind)} attention`;
  const put = (width: number, memoryWidth: number): Put => ({
    attention: { kind, ...definition?.suggest?.({ width, heads: HEADS }) } as Put['attention'],
    // What compares the decoder's state with the memory as it is needs it to be as wide.
    units: definition?.fit.comparesAsIs ? memoryWidth : width,
  });
  return {
    ...preset,
    title,
    model: (model.kind === 'recurrent' ? intoRecurrent(model, put) : intoCaptioner(model, put)) as typeof preset.model,
  };
}

type Recurrent = Preset<typeof recurrent>['model'];
type Captioner = Preset<typeof captioner>['model'];
type OpenCaptioner = Captioner & { readonly decoder: { readonly kind: 'recurrent' } };
interface Put {
  readonly attention: Recurrent['attention'];
  readonly units: number;
}
type PutInto = (width: number, memoryWidth: number) => Put;

const isOpen = (model: Recurrent | Captioner | { readonly kind: string }): model is Recurrent | OpenCaptioner =>
  choosesAttention(model);

function intoRecurrent(model: Recurrent, put: PutInto): Recurrent {
  const { attention, units: decoderUnits } = put(
    model.decoderUnits,
    model.encoderUnits * (model.bidirectional ? 2 : 1),
  );
  // Its loss goes with the mechanism that keeps coverage.
  const { coverageLoss: _, ...rest } = model;
  return { ...rest, attention, decoderUnits };
}

function intoCaptioner(model: OpenCaptioner, put: PutInto): Captioner {
  // The gate and the loss of evenness go with soft attention.
  const { gate: _, evenness: __, ...rest } = model.decoder;
  return { ...model, decoder: { ...rest, ...put(rest.units, model.width) } };
}
