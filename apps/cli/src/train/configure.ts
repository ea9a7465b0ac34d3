import { MECHANISM_KINDS } from '@heed/attention';
import { presets, type RunInfo } from '@heed/seq2seq';
import { camel } from '../attend/flags.js';
import type { BackendFlag, CommonFlags } from '../flags.js';
import { suggest } from '../suggest.js';
import { UsageError } from '../usage-error.js';

export interface TrainFlags extends CommonFlags, BackendFlag {
  readonly out?: string;
  readonly preset?: string;
  readonly attention?: string;
  readonly steps?: number;
  readonly batchSize?: number;
  readonly learningRate?: number;
  readonly maxTime?: number;
  readonly resume?: boolean;
  readonly overwrite?: boolean;
  readonly seed?: number;
}

type Preset = (typeof presets)[keyof typeof presets];

/** The preset with what the flags change. */
export function configure({ preset = 'small', attention, steps, batchSize, learningRate }: TrainFlags): Preset {
  if (!Object.hasOwn(presets, preset)) {
    throw new UsageError(`there is no preset ${JSON.stringify(preset)}`, suggest(preset, Object.keys(presets)));
  }
  const { model, training } = presets[preset as keyof typeof presets];
  return {
    model: attention === undefined ? model : withAttention(model, camel(attention)),
    training: {
      ...training,
      ...(steps !== undefined && { steps }),
      ...(batchSize !== undefined && { batchSize }),
      ...(learningRate !== undefined && { learningRate }),
    },
  };
}

/** Flags that say something else than the run that is to be resumed: "--seed 7". Its length may change. */
export function contradictions(task: string, flags: TrainFlags, { task: made, model, training }: RunInfo): string[] {
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ['task', task, made],
    ['--seed', flags.seed, model.seed],
    ['--attention', flags.attention && camel(flags.attention), model.attention.kind],
    ['--batch-size', flags.batchSize, training.batchSize],
    ['--learning-rate', flags.learningRate, training.learningRate],
    ['--preset', flags.preset, flags.preset && presetOf(flags.preset, model)],
  ];
  return pairs.flatMap(([name, given, was]) =>
    given === undefined || given === was ? [] : [`${name} ${String(was)}`],
  );
}

/** The preset's name when the model has its sizes, another one's otherwise. */
function presetOf(given: string, model: RunInfo['model']): string | undefined {
  const fits = (name: string): boolean => {
    const { encoderUnits, encoderLayers, embeddingWidth } = presets[name as keyof typeof presets].model;
    return (
      model.encoderUnits === encoderUnits &&
      model.encoderLayers === encoderLayers &&
      model.embeddingWidth === embeddingWidth
    );
  };
  const names = Object.keys(presets);
  return names.includes(given) && fits(given) ? given : names.find(fits);
}

const HEADS = 4;

/** Another mechanism in the place of the preset's, with what it needs to fit. */
function withAttention(model: Preset['model'], kind: string): Preset['model'] {
  const kinds = [...MECHANISM_KINDS, 'none'];
  if (!kinds.includes(kind))
    throw new UsageError(`there is no attention ${JSON.stringify(kind)}`, suggest(kind, kinds));
  if (kind === model.attention.kind) return model;
  const memoryWidth = model.encoderUnits * (model.bidirectional ? 2 : 1);
  switch (kind) {
    case 'additive':
    case 'concat':
      return { ...model, attention: { kind, units: model.decoderUnits } };
    case 'multiHead':
      return { ...model, attention: { kind, heads: HEADS } };
    case 'dot':
    case 'cosine':
    case 'scaledDotProduct':
      // They compare the decoder's state with the memory as it is.
      return { ...model, attention: { kind }, decoderUnits: memoryWidth };
    default:
      return { ...model, attention: { kind: kind as 'general' | 'none' } };
  }
}
