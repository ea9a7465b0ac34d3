import { checkOptions, type OptionNames } from '@heed/core';

/** Settings that came as plain JSON. Their values are checked by what reads the data. */
export function settingsFrom<Settings extends object>(
  kind: string,
  settings: Readonly<Record<string, unknown>>,
  names: OptionNames<Settings>,
): Partial<Settings> {
  checkOptions(kind, settings as Partial<Settings>, names as OptionNames<Partial<Settings>>);
  return settings as Partial<Settings>;
}
