import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { InputFlags } from '../commands/run-command.js';
import { pictureFiles } from '../frames.js';
import type { Host } from '../host.js';
import { readInputs, type Range } from '../inputs.js';
import { describeError } from '../io/errors.js';
import { accessError } from '../io/files.js';
import { sha256 } from '../io/sha256.js';
import { factsOfModel, type ModelFacts } from '../model.js';
import type { What } from './what.js';

/**
 * The ids of shards of one command: hashes of all that decides what they come to, by content. Equal ids have equal results, wherever
 * the files are and whoever does them.
 *
 * @throws HeedError FILE_ACCESS and whatever else a model or inputs can't be read for; UsageError for a name of no model
 */
export async function idsOf(
  host: Host,
  what: Omit<What, 'range'>,
  ranges: readonly Range[],
): Promise<readonly string[]> {
  const { command, run, flags } = what;
  const facts = await factsOfModel(host, run);
  const { core: version } = await host.versionsOf('cpu');
  const { file } = host.brought;
  // Of a configuration, its own file: what that imports is for those who change it to know.
  const config = file === undefined ? null : await sha256(await host.readFile(file.path));
  const model = await modelDigest(host, facts, command);
  // The examples of an evaluation are named by the model, which knows the version of its data, and by flags.
  const inputs = command === 'run' ? await inputDigests(host, facts, flags as InputFlags, ranges) : [];
  const answering = Object.entries(flags)
    .filter(([name]) => !PLACES.has(name))
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  const ids = ranges.map(({ from, to }, n) =>
    sha256(
      new TextEncoder().encode(
        JSON.stringify([FORMAT, command, version, config, model, answering, from, to, inputs[n] ?? null]),
      ),
    ),
  );
  return (await Promise.all(ids)).map((id) => id.slice(0, ID_DIGITS));
}

// Of what an id is made of: another number where that changes.
const FORMAT = 1;
// 128 bits, as whoever finds another shard of the same id would have its answers.
const ID_DIGITS = 32;

/** Flags that say where files are: what is in them counts. */
const PLACES: ReadonlySet<string> = new Set(['file', 'data', 'validation', 'test']);

/** What an answer is made with. Confidence is no part of an outcome, and the first evaluation may calibrate. */
const FILES: Readonly<Record<What['command'], readonly string[]>> = {
  run: ['run.json', 'model.safetensors', 'calibration.json'],
  eval: ['run.json', 'model.safetensors'],
};
const LARGEST = 2 ** 31;

async function modelDigest(
  host: Host,
  { folder, from }: ModelFacts,
  command: What['command'],
): Promise<readonly string[]> {
  const digests: string[] = [];
  for (const file of FILES[command]) {
    digests.push((await folder.has(file)) ? await sha256(await folder.read(file, LARGEST)) : 'none');
  }
  return from === undefined ? digests : [...digests, ...(await folderDigest(from, host))];
}

/** Of the files of a pretrained model, which may be too large to be held. */
async function folderDigest(folder: string, host: Pick<Host, 'filesIn'>): Promise<readonly string[]> {
  const digests: string[] = [];
  for (const name of (await host.filesIn(folder)) ?? []) {
    const hash = createHash('sha256');
    await pipeline(createReadStream(join(folder, name)), hash).catch((error: unknown) => {
      throw accessError('read', join(folder, name), error);
    });
    digests.push(name, hash.digest('hex'));
  }
  return digests;
}

/** Digests of the inputs in ascending ranges, all of which are read once. */
async function inputDigests(
  host: Host,
  { task }: ModelFacts,
  flags: InputFlags,
  ranges: readonly Range[],
): Promise<readonly string[]> {
  const hashes = ranges.map(() => createHash('sha256'));
  let [n, at] = [0, 0];
  for await (const batch of readInputs(host, [], flags, task)) {
    for (const { text, from, error } of batch) {
      if (ranges[at]?.to === n) at++;
      const range = ranges[at];
      if (range === undefined) return hashes.map((hash) => hash.digest('hex'));
      if (n++ < range.from) continue;
      const pictures = task.pictures && (await picturesDigest(host, text.trim(), task.pictures.most));
      hashes[at]!.update(JSON.stringify([text, from, error === undefined ? null : String(error), pictures ?? null]));
    }
  }
  return hashes.map((hash) => hash.digest('hex'));
}

/** Pictures that can't be read are told as such, until they can. */
async function picturesDigest(host: Host, path: string, most: number): Promise<readonly string[]> {
  try {
    const digests: string[] = [];
    for (const file of await pictureFiles(host, path, most)) digests.push(await sha256(await host.readFile(file)));
    return digests;
  } catch (error) {
    return [describeError(error).message];
  }
}
