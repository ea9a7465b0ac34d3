import * as fs from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { HeedError } from '@heed/core';
import type { LockHolder, RunLock } from '../run-folder.js';
import { guarded } from './files.js';
import { holderOf, isLeftOver, readCard, writeCard } from './lock-card.js';

/** The folder inside a run's that is there while a process holds the run. */
const LOCK = '.lock';

// Milliseconds. The holder touches its lock every BEAT. A lock that wasn't touched for SILENCE has lost its holder, wherever
// that ran; the synchronous pieces of a training take seconds, so a living one is never silent for so long.
const BEAT = 10_000;
const SILENCE = 120_000;

/**
 * Locks a run's folder for this process. The lock of a process of this machine that has ended is taken over at once, any other
 * after a time of silence. It is released when this process ends, by a signal too.
 *
 * @throws HeedError RUN_LOCKED, FILE_ACCESS
 */
export async function lockFolder(path: string): Promise<RunLock> {
  // Loaded here because it listens for the end of the process from then on, and importing a package changes nothing.
  const { lockSync } = (await import('proper-lockfile')).default;
  const lockfilePath = join(path, LOCK);
  const holder: LockHolder = { pid: process.pid, host: hostname(), since: new Date().toISOString() };
  let card = '';
  let takenOver: LockHolder | undefined;
  let isTaken = false;

  /** What the library does to make and remove a lock; it comes with its holder's name and goes with it. */
  const withHolder = {
    ...fs,
    mkdirSync(lock: string) {
      fs.mkdirSync(lock);
      try {
        card = writeCard(lock, holder);
      } catch (error) {
        fs.rmSync(lock, { recursive: true });
        throw error;
      }
    },
    rmdirSync(lock: string) {
      if (readCard(lock) !== card) {
        if (isTaken) return; // another's by now
        takenOver = holderOf(lock);
      }
      fs.rmSync(lock, { recursive: true, force: true });
    },
  };
  const options = {
    lockfilePath,
    fs: withHolder,
    realpath: false,
    stale: SILENCE,
    update: BEAT,
    onCompromised: () => {}, // the next `assertHeld` tells
  };
  const attempt = (): (() => void) | undefined => {
    try {
      return lockSync(path, options);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ELOCKED') return undefined;
      throw error;
    }
  };

  const unlock = await guarded(`lock the folder ${path}`, async () => {
    const taken = attempt();
    if (taken !== undefined) return taken;
    if (!isLeftOver(lockfilePath)) return undefined;
    fs.utimesSync(lockfilePath, 0, 0); // silent for long, as far as the library can see
    return attempt();
  });
  if (unlock === undefined) throw locked(path, holderOf(lockfilePath));
  isTaken = true;

  return {
    ...(takenOver !== undefined && { takenOver }),
    async assertHeld() {
      if (readCard(lockfilePath) !== card) throw locked(path, holderOf(lockfilePath));
    },
    release() {
      try {
        unlock();
      } catch {
        withHolder.rmdirSync(lockfilePath); // the library has given up a lock that something else touched
      }
    },
  };
}

function locked(folder: string, holder: LockHolder | undefined): HeedError {
  const isHere = holder === undefined || holder.host === hostname();
  const wait = isHere ? 'wait until it has ended' : `wait until it has been silent for ${SILENCE / 60_000} minutes`;
  return new HeedError('RUN_LOCKED', {
    message: `${folder} is in use by ${holder === undefined ? 'another process' : nameHolder(holder, isHere)}`,
    hint: `${wait}, end it, or choose another folder`,
    details: { folder, ...holder },
  });
}

function nameHolder({ pid, host, since }: LockHolder, isHere: boolean): string {
  const where = isHere ? '' : ` on ${host}`;
  return `process ${pid}${where} since ${new Date(since).toLocaleString('sv')}`; // 2026-11-30 14:05:00, local time
}
