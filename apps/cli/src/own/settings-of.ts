import type { OwnKind } from '@heed/tasks';
import { flagOf } from '../flag-names.js';
import { UsageError } from '../usage-error.js';
import { SETTING_FLAGS, type SettingFlags } from './own-flags.js';

/** Settings that are typed some at a time, by their flag: the columns of labelled texts are others than those of pairs. */
const TOGETHER = {
  columns: [
    ['source', 'target'],
    ['text', 'label'],
    ['file', 'caption', 'language'],
  ],
  units: [['sourceUnit', 'targetUnit']],
} as const;

/**
 * The settings of a kind that flags give.
 *
 * @throws UsageError for a flag of another kind
 */
export function settingsOf(kind: OwnKind, flags: SettingFlags): Readonly<Record<string, unknown>> {
  const settings: Record<string, unknown> = {};
  for (const flag of Object.keys(SETTING_FLAGS) as (keyof SettingFlags)[]) {
    const value = flags[flag];
    if (value === undefined) continue;
    const names = namesOf(flag).find((some) => some.every((name) => kind.settings.includes(name)));
    if (names === undefined) throw new UsageError(`${flagOf(flag)} means nothing for ${kind.name}`);
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (values.length > names.length) {
      throw new UsageError(
        `${flagOf(flag)} of ${kind.name} are ${names.join(' and ')}, and ${values.length} are given`,
      );
    }
    values.forEach((one, n) => (settings[names[n]] = one));
  }
  return settings;
}

/** The flag that gives a setting, as it is typed. */
export function flagOfSetting(setting: string): string {
  const found = Object.entries(TOGETHER).find(([, lists]) =>
    lists.some((names) => names.some((name) => name === setting)),
  );
  return flagOf(found?.[0] ?? setting);
}

const namesOf = (flag: string): readonly (readonly string[])[] =>
  Object.hasOwn(TOGETHER, flag) ? TOGETHER[flag as keyof typeof TOGETHER] : [[flag]];
