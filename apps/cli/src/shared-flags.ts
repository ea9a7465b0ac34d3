import type { Backends } from './backends.js';
import type { Catalog } from './catalog.js';
import { CONFIG_NAMES } from './config/config-names.js';
import { flag, toggle, unused, type Flag, type FlagsOf } from './flag.js';
import { wholeNumber } from './flag-values.js';
import { decoderMechanismNames, either } from './mechanism-names.js';

/** `--config`, of every command. */
export const CONFIG_FLAG = flag(
  '<file>',
  `what others bring: backends, mechanisms, tasks, networks, layers of Keras models, families of pretrained ones (default: ${either(CONFIG_NAMES)} of this folder)`,
);

/** What every command takes. */
export const COMMON_FLAGS = {
  config: CONFIG_FLAG,
  json: toggle('write NDJSON to standard output, one event a line'),
  debug: { ...toggle('show where errors come from'), env: 'HEED_DEBUG' },
};

/** Flags of commands that need a browser for some backends. */
export const BROWSER_FLAGS = {
  browser: flag(
    '<path>',
    ({ backends }) =>
      `Chrome or Chromium for the ${backends.inPage.join(', ')} backend (default: CHROME_PATH, or the one that is installed)${instead(backends)}`,
  ),
};

/** Which of them need none where npm packages bring to Node what they need. */
function instead({ list }: Backends): string {
  const told = list.flatMap(({ name, inNodeBy }) =>
    inNodeBy === undefined ? [] : [`; ${name} needs none where the npm package ${inNodeBy} finds a device`],
  );
  return told.join('');
}

/** The backends that `--threads` is for, and what it may be. */
export const threaded = ({ backends }: Catalog): string => `of the ${backends.withThreads.join(', ')} backend`;
export const threadCount = (text: string, { backends }: Catalog): number => wholeNumber(backends.threads)(text);

/** Flags of commands that work on one backend. */
export const BACKEND_FLAGS = {
  backend: flag('<name>', ({ backends }) => `${backends.names.join(', ')} (default: the best that needs no browser)`),
  threads: flag(
    '<number>',
    (catalog) => `${threaded(catalog)} (default: ${catalog.backends.threads.otherwise})`,
    threadCount,
  ),
  ...BROWSER_FLAGS,
};

/** A size of a problem, or how often something is done. */
export const size = wholeNumber({ least: 1, most: 2 ** 20 });

export const beam = flag(
  '<width>',
  'search with so many hypotheses (default: 1, greedy)',
  wholeNumber({ least: 1, most: 64 }),
);

/** `--attention`, with the models whose attention it is: what looks back only is for texts that attend to themselves. */
export const attention = (models: string): Flag<string, false> =>
  flag('<kind>', ({ mechanisms }) => {
    const names = decoderMechanismNames({ mechanisms });
    return `${models}: ${either([...names, 'none'])} (default: the preset’s)`;
  });

/** `--seed`, with what it decides. */
export function seed(what: string): Flag<number, false>;
export function seed(what: string, fallback: number): Flag<number, true>;
export function seed(what: string, fallback?: number): Flag<number> {
  return fallback === undefined
    ? flag('<number>', what, wholeNumber({ least: 0 }))
    : flag('<number>', what, wholeNumber({ least: 0 }), fallback);
}

/** `--seed` and `--backend` of commands without chance and without a backend. */
export const UNUSED_SEED = { seed: unused(flag('<number>', '', wholeNumber())) };
export const UNUSED_BACKEND = { backend: unused({ ...flag('<name>', ''), choices: ({ backends }) => backends.names }) };

export type BackendFlags = FlagsOf<typeof BACKEND_FLAGS>;
