import { kebab } from '../flag-names.js';
import { shellQuote } from '../io/shell-quote.js';
import { attentionIn } from '../attention-in.js';
import { presetOf } from '../model.js';
import type { AnyTask } from '../known.js';
import type { RunInfo } from '@heed/nn';
import { FILE_FLAGS, SETTING_FLAGS } from '../own/own-flags.js';
import { ownKind } from '../own/task-source.js';

/** The command that trains a model like that of a run. */
export function commandOf(
  task: AnyTask,
  { task: name, model, training, dataOptions }: RunInfo,
  backend: string,
): string {
  const { from, ...rest } = dataOptions;
  const preset = presetOf(task, model) ?? Object.keys(task.presets)[0];
  const { model: presets, training: usual } = task.presets[preset];
  const attention = attentionIn(model);
  const flags: readonly (readonly [string, unknown])[] = [
    ...(ownKind(name) === undefined ? [] : ownFlags(rest)),
    ['--from', Array.isArray(from) ? shellQuote(baseName(String(from[0]))) : undefined],
    ['--lora', 'lora' in model && model.lora !== 0 ? model.lora : undefined],
    ['--preset', preset],
    ['--attention', attention === attentionIn(presets) || attention === undefined ? undefined : kebab(attention)],
    ['--steps', training.steps === usual.steps ? undefined : training.steps],
    ['--batch-size', training.batchSize === usual.batchSize ? undefined : training.batchSize],
    ['--learning-rate', training.learningRate === usual.learningRate ? undefined : training.learningRate],
    ['--evaluate-every', training.evaluateEvery === usual.evaluateEvery ? undefined : training.evaluateEvery],
    ['--seed', training.seed],
    ['--backend', backend],
  ];
  const typed = flags
    .filter(([, value]) => value !== undefined)
    .map(([flag, value]) => `${flag} ${String(value)}`.trim());
  return ['heed train', name, ...typed].join(' ');
}

/** Flags of somebody's own files, by their names alone: where they were is nobody's business. */
function ownFlags(options: RunInfo['dataOptions']): (readonly [string, string])[] {
  const { source, target, text, label, file, caption, language, sourceUnit, targetUnit, ...rest } = options;
  const together = (flag: string, ...values: readonly unknown[]): (readonly [string, string])[] => {
    const given = values.filter((value) => value !== undefined);
    return given.length < 2 ? [] : [[flag, shellQuote(given.map(String).join(','))]];
  };
  // Files first; what is off, or follows from the data, is left out.
  const single = Object.entries(rest)
    .filter(([key, value]) => (key in FILE_FLAGS || key in SETTING_FLAGS) && value !== false)
    .toSorted(([, a], [, b]) => Number(Array.isArray(b)) - Number(Array.isArray(a)));
  return [
    ...single.map(([key, value]) => {
      const words = Array.isArray(value)
        ? value.map((path) => baseName(String(path)))
        : value === true
          ? []
          : [String(value)];
      return [`--${kebab(key)}`, words.map(shellQuote).join(' ')] as const;
    }),
    ...together('--columns', source ?? text ?? file, target ?? label ?? caption, language),
    ...together('--units', sourceUnit, targetUnit),
  ];
}

const baseName = (path: string): string => path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
