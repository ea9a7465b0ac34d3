import { nameHint } from '@heed/base';
import type { HeedError } from '@heed/core';
import { TRAIN, type TrainFlags } from '../commands/train-command.js';
import { flagOf } from '../flag-names.js';
import { InvalidValue } from '../flag-values.js';
import type { Host } from '../host.js';
import type { Settings } from './definition.js';

/** Makes the error of a sweep's file. */
export type Invalid = (message: string, hint?: string) => HeedError;

/** Flags of `heed train` that are the sweep's own business. */
const RESERVED = new Set(['out', 'resume', 'overwrite', 'seed', 'maxTime', 'card', 'json', 'debug', 'config']);
const SETTINGS = Object.keys(TRAIN.flags).filter((name) => !RESERVED.has(name));

/** Settings as the flags that `heed train` makes of them, which checks them. */
export function flagsOf(settings: Settings, host: Host, invalid: Invalid): TrainFlags {
  const flags: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(settings)) {
    const flag = SETTINGS.includes(name) ? TRAIN.flags[name] : undefined;
    if (flag === undefined) throw invalid(`heed train has no setting '${name}'`, nameHint(name, SETTINGS));
    const isToggle = flag.value === '';
    const isList = flag.value.endsWith('...>');
    if (isToggle !== (value === true) || isList !== Array.isArray(value)) {
      const wanted = isToggle ? 'true' : isList ? 'a list of names' : 'one value';
      throw invalid(`${name} is ${JSON.stringify(value)}`, `${flagOf(name)} takes ${wanted}`);
    }
    try {
      flags[name] = isToggle || isList ? value : (flag.parse?.(String(value), host) ?? String(value));
    } catch (error) {
      if (error instanceof InvalidValue) throw invalid(`${name} is ${JSON.stringify(value)}`, error.message);
      throw error;
    }
  }
  return flags as TrainFlags;
}
