import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBucket, type Bucket, type Listed } from './bucket.js';
import { claim } from './claim.js';
import { RUN_INFO, type Place, type RunHere } from './place.js';
import type { S3Address } from './s3-address.js';

/** Files of a run, in the order in which it writes them: what is there of a newer state is enough to go on from it. */
const FILES = ['training.safetensors', 'model.safetensors', RUN_INFO];
const MOST_BYTES = 2 ** 31;
const MOST_INFO = 2 ** 24;

/**
 * A part of an S3-compatible store. A run is trained in a folder of this machine, and copied to the store whenever it has saved.
 *
 * Under `runs/<id>/` each process that has held the run writes into a part of its own, by a number that is larger than those before; the largest that is
 * complete is what the run goes on from. So one that comes back after it has lost the run spoils nothing.
 */
export async function s3Place(address: S3Address): Promise<Place> {
  const bucket = await openBucket(address);
  return {
    path: address.path,
    async open() {
      await bucket.list('sweep.json');
    },
    read: (name, maxBytes) => bucket.get(name, maxBytes),
    write: (name, content) => bucket.put(name, content),
    writeOnce: (name, content) => bucket.putNew(name, content),
    async runInfo(id) {
      const kept = latest(await bucket.list(partsOf(id)));
      return kept === undefined ? undefined : bucket.get(`${kept}${RUN_INFO}`, MOST_INFO);
    },
    async inRun(id, work) {
      const claimed = await claim(bucket, `runs/${id}/claims/`);
      if (claimed === undefined) return { kind: 'held' };
      const folder = await mkdtemp(join(tmpdir(), `heed-${id}-`));
      try {
        const there = await bucket.list(partsOf(id));
        const kept = latest(there);
        if (kept !== undefined) await fetchRun(bucket, kept, folder);
        const ended = await work(copying(bucket, { id, folder, lost: claimed.lost, there }));
        return claimed.lost.aborted && ended.kind === 'interrupted' ? { kind: 'held' } : ended;
      } finally {
        await claimed.release();
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

const partsOf = (id: string): string => `runs/${id}/parts/`;
/** Fixed in width, so that the order of keys is that of numbers. */
const partOf = (id: string, number: number): string => `${partsOf(id)}${String(number).padStart(6, '0')}/`;

/** The newest part that has all of a run; keys come in order. */
function latest(there: readonly Listed[]): string | undefined {
  const info = there.findLast(({ key }) => key.endsWith(`/${RUN_INFO}`));
  return info?.key.slice(0, -RUN_INFO.length);
}

async function fetchRun(bucket: Bucket, part: string, folder: string): Promise<void> {
  for (const file of FILES) {
    const bytes = await bucket.get(`${part}${file}`, MOST_BYTES);
    if (bytes !== undefined) await writeFile(join(folder, file), bytes);
  }
}

interface Copied {
  readonly id: string;
  readonly folder: string;
  readonly lost: AbortSignal;
  /** What the store had of the run before. */
  readonly there: readonly Listed[];
}

/** Copies the folder's files into a part of its own, one time after another. */
function copying(bucket: Bucket, { id, folder, lost, there }: Copied): RunHere {
  const numbers = there.map(({ key }) => Number(key.slice(partsOf(id).length).split('/')[0]));
  const part = partOf(id, 1 + Math.max(0, ...numbers.filter(Number.isSafeInteger)));
  let old = there;
  let copied: Promise<void> | undefined;
  let isWaiting = false;

  const copy = async (): Promise<void> => {
    if (lost.aborted || !existsSync(join(folder, RUN_INFO))) return;
    for (const file of FILES) await bucket.put(`${part}${file}`, await readFile(join(folder, file)));
    await bucket.remove(old.map(({ key }) => key));
    old = [];
  };
  const saved = (): void => {
    if (copied !== undefined) {
      isWaiting = true;
      return;
    }
    // One that fails is made up for by the next.
    copied = copy()
      .catch(() => undefined)
      .finally(() => {
        copied = undefined;
        if (isWaiting) saved();
        isWaiting = false;
      });
  };
  return {
    folder,
    lost,
    saved,
    async settled() {
      isWaiting = false;
      await copied;
      await copy();
    },
  };
}
