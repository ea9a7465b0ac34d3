import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import * as v from 'valibot';
import type { Bucket, Listed } from './bucket.js';

/** Leave to be the one that works on something, as long as it is renewed. */
export interface Claim {
  /** Aborted when it is over without having been released. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

export interface ClaimOptions {
  /** Milliseconds between renewals. */
  readonly beat?: number;
  /** Milliseconds after which a claim that wasn't renewed is over. */
  readonly silence?: number;
}

const BEAT = 10_000;
const SILENCE = 60_000;

/**
 * Claims what a prefix stands for; undefined while somebody else has it.
 *
 * A claim is an object of its own under the prefix. Whoever puts one and then sees no other has it; who sees another takes its own back. Of
 * two that put theirs before either looked, at least one sees the other, so never do both have it, and the store needs no conditions. How old the
 * others' are, the time of one's own tells: all are the store's.
 */
export async function claim(
  bucket: Bucket,
  prefix: string,
  { beat = BEAT, silence = SILENCE }: ClaimOptions = {},
): Promise<Claim | undefined> {
  const own = `${prefix}${randomBytes(ID_BYTES).toString('hex')}.json`;
  const card = JSON.stringify({ pid: process.pid, host: hostname(), since: Date.now() } satisfies Card);
  let renewed = Date.now();
  await bucket.put(own, card);
  const all = await bucket.list(prefix);
  const now = all.find(({ key }) => key === own)?.time ?? 0;
  const others = all.filter(({ key }) => key !== own);
  for (const other of others) {
    if (now - other.time > silence || (await isLeft(bucket, other))) continue;
    await bucket.remove([own]);
    return undefined;
  }
  await bucket.remove(others.map(({ key }) => key));

  const lost = new AbortController();
  const released = new AbortController();
  const renewing = renew();
  return {
    lost: lost.signal,
    async release() {
      released.abort();
      await renewing;
      await bucket.remove([own]).catch(() => undefined); // it is over some time
    },
  };

  async function renew(): Promise<void> {
    for (;;) {
      await pause(beat, undefined, { signal: released.signal }).catch(() => undefined);
      if (released.signal.aborted) return;
      if (!(await isRenewed())) {
        lost.abort();
        return;
      }
    }
  }

  async function isRenewed(): Promise<boolean> {
    // After so long another may have taken it: a claim that is over is never renewed.
    const at = Date.now();
    if (at - renewed > silence) return false;
    try {
      const there = await bucket.get(own, MOST_BYTES);
      if (there === undefined) return false;
      await bucket.put(own, card);
      renewed = at;
    } catch {
      // The next beat tries again.
    }
    return true;
  }
}

const ID_BYTES = 8;
const MOST_BYTES = 2 ** 12;

const CARD = v.object({
  pid: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  host: v.string(),
  since: v.number(),
});
type Card = v.InferOutput<typeof CARD>;

/** Whether a claim is of a process of this machine that has ended, which needs no waiting. */
async function isLeft(bucket: Bucket, { key }: Listed): Promise<boolean> {
  const bytes = await bucket.get(key, MOST_BYTES);
  if (bytes === undefined) return true; // released meanwhile
  try {
    const { pid, host, since } = v.parse(CARD, JSON.parse(new TextDecoder().decode(bytes)));
    if (host !== hostname()) return false;
    // Containers give each new process the number of the one before.
    if (pid === process.pid) return since < Date.now() - 1000 * process.uptime();
    process.kill(pid, 0); // sends nothing
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
