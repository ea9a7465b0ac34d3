import { checkName } from '@heed/base';
import type { BackendFacts, SettingsTaken } from './backend-facts.js';

/** @throws HeedError UNKNOWN_NAME, with the nearest name and all there are */
export function findBackend<One extends Pick<BackendFacts, 'name'>>(name: string, list: readonly One[]): One {
  const known = checkName(
    'backend',
    name,
    list.map((one) => one.name),
  );
  return list.find((one) => one.name === known)!;
}

/** The backends that take a setting. */
export function takersOf<One extends Pick<BackendFacts, 'settings'>, Name extends keyof SettingsTaken>(
  setting: Name,
  list: readonly One[],
): (One & Taking<Name>)[] {
  return list.filter((one): one is One & Taking<Name> => one.settings[setting] !== undefined);
}

interface Taking<Name extends keyof SettingsTaken> {
  readonly settings: Required<Pick<SettingsTaken, Name>>;
}
