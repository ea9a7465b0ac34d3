import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { HeedError } from '@heed/base';
import { CONFIG_NAMES } from './config-names.js';

/** A configuration file, before anything of it is read. */
export interface ConfigFile {
  /** Its absolute path. */
  readonly path: string;
  /** The path as people know it, for messages. */
  readonly shown: string;
  /** Whether `--config` named it. */
  readonly isNamed: boolean;
}

/**
 * Takes `--config FILE` out of a command line, where it may stand anywhere before `--`: which commands and flags there are is
 * known when the file has been read. One without a file is left, to be told as every flag without its value is.
 */
export function takeConfig(argv: readonly string[]): { named?: string; rest: readonly string[] } {
  const end = argv.includes('--') ? argv.indexOf('--') : argv.length;
  const rest: string[] = [];
  let named: string | undefined;
  for (let n = 0; n < end; n++) {
    if (argv[n] === '--config' && n + 1 < end) named = argv[++n];
    else if (argv[n].startsWith('--config=')) named = argv[n].slice('--config='.length);
    else rest.push(argv[n]);
  }
  return { ...(named !== undefined && { named }), rest: [...rest, ...argv.slice(end)] };
}

/**
 * The file that `--config` names, or the one of the working folder; undefined when there is none.
 *
 * @throws HeedError CONFIG_INVALID when the named one isn't there or is no file, or when the folder has several
 */
export function findConfig(named: string | undefined): ConfigFile | undefined {
  if (named !== undefined) {
    const kind = kindOf(named);
    if (kind !== 'file') throw unreadable(named, kind);
    return { path: resolve(named), shown: named, isNamed: true };
  }
  const found = CONFIG_NAMES.filter((name) => kindOf(name) === 'file');
  if (found.length > 1) {
    throw new HeedError('CONFIG_INVALID', {
      message: `this folder has ${found.join(' and ')}`,
      hint: 'leave one of them, or name it with --config FILE',
      details: { found },
    });
  }
  return found.length === 0 ? undefined : { path: resolve(found[0]), shown: found[0], isNamed: false };
}

function unreadable(named: string, kind: 'folder' | undefined): HeedError {
  // `heed attend` once took options of a mechanism by this name.
  const isJson = named.trimStart().startsWith('{');
  return new HeedError('CONFIG_INVALID', {
    message: `--config ${JSON.stringify(named)} ${kind === undefined ? "isn't there" : 'is a folder'}`,
    hint: isJson
      ? 'it takes a file; options of a mechanism are --options JSON'
      : `it takes a file, as ${CONFIG_NAMES.join(', ')} is one`,
    details: { file: named },
  });
}

function kindOf(path: string): 'file' | 'folder' | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  return found.isDirectory() ? 'folder' : 'file';
}
