import { join } from 'node:path';
import { parser } from '@heed/attention/schema';
import { HeedError } from '@heed/base';
import * as v from 'valibot';
import type { Host } from '../host.js';
import { readBytes, writeOnce } from '../io/files.js';
import { toJsonLine } from '../io/json.js';
import { sha256 } from '../io/sha256.js';
import type { Report } from '../io/errors.js';
import type { Place } from '../inputs.js';
import type { ResultEvent } from '../run/tell-result.js';
import { withoutHint } from '../usage-error.js';

/** What a shard came to, in the order of its inputs: events of the command that it is a part of. */
export type ShardEvent =
  | ResultEvent
  /** An input that can't be answered. */
  | ({ readonly event: 'error'; readonly input: string } & Place & Omit<Report, 'exit'>)
  /** Outcomes of examples, by `devalue`. */
  | { readonly event: 'outcomes'; readonly outcomes: string };

const number = v.union([v.number(), v.picklist(['NaN', 'Infinity', '-Infinity'])]);
const place = {
  file: v.optional(v.string()),
  line: v.optional(v.number()),
  number: v.optional(v.number()),
  id: v.optional(v.union([v.string(), v.number()])),
};
/** What commands tell of an event; the rest of it is passed on. */
const EVENT = v.variant('event', [
  v.looseObject({
    event: v.literal('result'),
    input: v.string(),
    ...place,
    output: v.string(),
    confidence: v.optional(number),
    unlike: v.optional(v.array(v.looseObject({ message: v.string() }))),
    alternatives: v.optional(v.array(v.looseObject({ output: v.string(), logProbability: number }))),
  }),
  v.looseObject({
    event: v.literal('error'),
    input: v.string(),
    ...place,
    code: v.string(),
    message: v.string(),
    hint: v.optional(v.string()),
  }),
  v.strictObject({ event: v.literal('outcomes'), outcomes: v.string() }),
]);
/** The first line of a file. */
const HEAD = v.strictObject({
  event: v.literal('shard'),
  formatVersion: v.literal(1),
  id: v.string(),
  /** Of all that follows. */
  sha256: v.string(),
});

const parse = parser('FILE_INVALID');

/** Whether an event is a part of what a shard comes to. An error without an input is the end of all. */
export const isOfShard = ({ event, input }: { readonly event: string; readonly input?: unknown }): boolean =>
  event === 'result' || event === 'outcomes' || (event === 'error' && input !== undefined);

/** A folder of finished shards by their ids, which any number of processes may share. What is in it is never changed. */
export class ShardStore {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** @throws HeedError FILE_ACCESS where the folder can't be made */
  async open(host: Pick<Host, 'runFolder'>): Promise<void> {
    await (await host.runFolder(this.path)).make();
  }

  /**
   * The events of a shard, if it is done.
   *
   * @throws HeedError FILE_INVALID for a file that isn't what a shard came to, as a whole; FILE_ACCESS
   */
  async events(id: string): Promise<readonly ShardEvent[] | undefined> {
    const file = this.#fileOf(id);
    const bytes = await readBytes(file).catch((error: { details?: { code?: string } }) => {
      if (error.details?.code === 'ENOENT') return undefined;
      throw error;
    });
    if (bytes === undefined) return undefined;
    try {
      const end = bytes.indexOf(LINE_END) + 1;
      const head = parse(file, HEAD, jsonOf(bytes.subarray(0, end)));
      const rest = bytes.subarray(end);
      if (head.id !== id || head.sha256 !== (await sha256(rest)))
        throw new HeedError('FILE_INVALID', { message: `${file}: it isn't as it was written` });
      const lines = new TextDecoder().decode(rest).split('\n').slice(0, -1);
      return lines.map((line) => {
        const event = jsonOf(line);
        parse(file, EVENT, event);
        return event as ShardEvent;
      });
    } catch (error) {
      if (!HeedError.isInstance(error, 'FILE_INVALID')) throw error;
      throw new HeedError('FILE_INVALID', {
        message: withoutHint(error.message, error.hint),
        hint: 'remove the file, and the same command does that shard again',
        cause: error,
      });
    }
  }

  /** Keeps what a shard came to, unless somebody else has. */
  async keep(id: string, events: readonly Readonly<Record<string, unknown>>[]): Promise<void> {
    const rest = events.map(toJsonLine).join('');
    const head = { event: 'shard', formatVersion: 1, id, sha256: await sha256(new TextEncoder().encode(rest)) };
    await writeOnce(this.#fileOf(id), toJsonLine(head) + rest);
  }

  #fileOf = (id: string): string => join(this.path, `${id}.ndjson`);
}

const LINE_END = 0x0a;

/** Undefined for what is no JSON, which no schema takes. */
function jsonOf(text: Uint8Array | string): unknown {
  try {
    return JSON.parse(typeof text === 'string' ? text : new TextDecoder().decode(text));
  } catch {
    return undefined;
  }
}
