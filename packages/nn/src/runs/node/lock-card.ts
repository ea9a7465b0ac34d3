import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import type { LockHolder } from '../run-folder.js';

/** The file in a lock that says who holds it. */
const CARD = 'holder.json';

const schema = v.object({
  pid: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  host: v.string(),
  since: v.pipe(v.string(), v.isoTimestamp()),
  /** Inode of the lock itself: a copy of the folder has a copy of the card, and isn't held by anybody. */
  inode: v.string(),
});

type Card = v.InferOutput<typeof schema>;

/** @returns what it has written */
export function writeCard(lock: string, holder: LockHolder): string {
  const text = JSON.stringify({ ...holder, inode: inodeOf(lock) } satisfies Card);
  writeFileSync(join(lock, CARD), text);
  return text;
}

export function readCard(lock: string): string | undefined {
  try {
    return readFileSync(join(lock, CARD), 'utf8');
  } catch {
    return undefined;
  }
}

/** Who holds a lock; undefined when nobody does, or nobody can tell. */
export function holderOf(lock: string): LockHolder | undefined {
  const card = parseCard(lock);
  if (card === undefined || card.isCopy) return undefined;
  const { pid, host, since } = card;
  return { pid, host, since };
}

/** Whether nobody can hold this lock any more. Of another machine's processes only their silence tells. */
export function isLeftOver(lock: string): boolean {
  const card = parseCard(lock);
  if (card === undefined) return false;
  const { isCopy, pid, host, since } = card;
  if (isCopy) return true;
  if (host !== hostname()) return false;
  // Containers give each new process the number of the one before.
  if (pid === process.pid) return Date.parse(since) < Date.now() - 1000 * process.uptime();
  try {
    process.kill(pid, 0); // sends nothing
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

/** Undefined while it is being made or removed, and where something else made the folder. */
function parseCard(lock: string): (Card & { isCopy: boolean }) | undefined {
  try {
    const card = v.parse(schema, JSON.parse(readCard(lock) ?? ''));
    return { ...card, isCopy: card.inode !== inodeOf(lock) };
  } catch {
    return undefined;
  }
}

const inodeOf = (lock: string): string => String(statSync(lock, { bigint: true }).ino);
