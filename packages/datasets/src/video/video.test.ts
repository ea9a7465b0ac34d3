import { beforeAll, describe, expect, it } from 'vitest';
import { packageFiles } from '../package-files.js';
import { partsOf } from '../caption/parts.js';
import { CHANGE_NAMES } from './changes.js';
import { FRAME_SIDE } from './draw.js';
import type { VideoDataset, VideoExample } from './example.js';
import { FRAMES } from './film.js';
import { loadVideo } from './video.js';

const FILMS = 400;
const load = (seed = 3) => loadVideo({ seed, films: FILMS, validationShare: 0.25, testShare: 0.25 });
const first = <T>(list: readonly T[], isRight: (one: T) => boolean): T => list.find(isRight)!;
const at = (example: VideoExample, frame: number): string => example.frames[frame]!.data.join(' ');

let data: VideoDataset;
let all: readonly VideoExample[];
beforeAll(async () => {
  data = await load();
  all = [data.train, data.validation, data.test].flat();
});

describe('films', () => {
  it('are as many of each kind, of each frame and in each part', () => {
    expect([data.train, data.validation, data.test].map(({ length }) => length)).toEqual([400, 200, 200]);
    for (const part of [data.train, data.validation, data.test]) {
      const films = part.filter(({ question }) => question === 'what changed');
      for (const name of CHANGE_NAMES) {
        const own = films.filter(({ change }) => change === name);
        expect(own).toHaveLength(films.length / CHANGE_NAMES.length);
        if (name === 'none') continue;
        for (let frame = 1; frame < FRAMES; frame++) {
          expect(own.filter(({ changesAt }) => changesAt === frame)).toHaveLength(own.length / (FRAMES - 1));
        }
      }
    }
  });

  it('change where they say, and nowhere else', () => {
    for (const example of all.filter((_, n) => n % 22 < 2)) {
      const { changesAt, backgroundAt } = example;
      expect(example.frames).toHaveLength(FRAMES);
      for (let frame = 1; frame < FRAMES; frame++) {
        const changes = at(example, frame) !== at(example, frame - 1);
        expect(changes, `${example.text}, frame ${frame}`).toBe(frame === changesAt || frame === backgroundAt);
      }
      expect(backgroundAt === undefined || backgroundAt !== changesAt).toBe(true);
    }
    const changing = all.filter(({ backgroundAt }) => backgroundAt !== undefined).length / all.length;
    expect(Math.abs(changing - 0.5)).toBeLessThan(0.1);
  });

  it('move the thing to where the answer says', () => {
    for (const [text, x, y] of [
      ['it moved left', -1, 0],
      ['it moved right', 1, 0],
      ['it moved up', 0, -1],
      ['it moved down', 0, 1],
    ] as const) {
      const film = first(all, (one) => one.text === text && one.backgroundAt === undefined);
      const [before, after] = [middleOf(film, film.changesAt! - 1), middleOf(film, film.changesAt!)];
      const [right, down] = [after.x - before.x, after.y - before.y];
      expect(right * x + down * y, text).toBeGreaterThan(2);
      expect(Math.abs(right * y + down * x), text).toBeLessThan(1);
    }
  });

  it('make the thing larger, smaller and paler', () => {
    const ratio = (text: string): number => {
      const film = first(all, (one) => one.text === text && one.backgroundAt === undefined);
      return middleOf(film, film.changesAt!).mass / middleOf(film, film.changesAt! - 1).mass;
    };
    expect(ratio('it grew')).toBeGreaterThan(1.5);
    expect(ratio('it shrank')).toBeLessThan(0.7);
    expect(ratio('it faded')).toBeCloseTo(0.3, 1);
  });

  it('are asked two questions each, in words', () => {
    const [what, which] = data.train;
    expect(data.questions).toEqual(['what changed', 'which frame']);
    expect([what!.question, which!.question]).toEqual(data.questions);
    expect(which!.text).toBe(`frame ${which!.changesAt! + 1}`);
    for (const { text, targets } of all) {
      expect(targets.map((words) => words.join(' '))).toEqual([text]);
      expect(data.symbols).toEqual(expect.arrayContaining([...targets[0]!]));
    }
    const still = first(all, (one) => one.changesAt === undefined && one.question === 'which frame');
    expect(still.text).toBe('no frame');
  });
});

/** Where what differs from the background is in the middle, and how much it is. */
function middleOf(example: VideoExample, frame: number): { x: number; y: number; mass: number } {
  const { data: bytes } = example.frames[frame]!;
  const corner = bytes.subarray(0, 3);
  const sums = { x: 0, y: 0, mass: 0 };
  for (let n = 0; n < FRAME_SIDE ** 2; n++) {
    const weight = [0, 1, 2].reduce((sum, c) => sum + Math.abs(bytes[3 * n + c]! - corner[c]!), 0);
    sums.x += weight * (n % FRAME_SIDE);
    sums.y += weight * Math.floor(n / FRAME_SIDE);
    sums.mass += weight;
  }
  return { x: sums.x / sums.mass, y: sums.y / sums.mass, mass: sums.mass };
}

describe('the data', () => {
  it('show no concept in two parts', () => {
    const concepts = (part: readonly VideoExample[]) => new Set(part.map(({ emoji }) => partsOf(emoji).concept));
    const [train, validation, test] = [data.train, data.validation, data.test].map(concepts);
    expect([...test!].filter((one) => train!.has(one) || validation!.has(one))).toEqual([]);
    expect([...validation!].filter((one) => train!.has(one))).toEqual([]);
  });

  it('are the same of a seed, and others of another', async () => {
    const [again, other] = [await load(), await load(4)];
    expect(again.version).toBe(data.version);
    expect(again.test[7]!.frames).toEqual(data.test[7]!.frames);
    expect(other.version).not.toBe(data.version);
    expect(other.test.map(({ emoji }) => emoji)).not.toEqual(data.test.map(({ emoji }) => emoji));
  });

  it('say that they were made, and of what', () => {
    const { notes, licence, counts, source } = data.describe();
    expect(notes[0]).toContain('Made, not filmed');
    expect(licence).toContain('MIT');
    expect(source).toBe('@heed/drawn-emoji');
    expect(counts).toMatchObject({ films: FILMS, examples: 2 * FILMS, 'it turned': FILMS / 10 });
  });

  it.each([
    [{ seed: -1 }, 'INVALID_ARGUMENT'],
    [{ seed: 1, films: 0 }, 'INVALID_ARGUMENT'],
    [{ seed: 1, films: 2.5 }, 'INVALID_ARGUMENT'],
    [{ seed: 1, testShare: 1 }, 'INVALID_ARGUMENT'],
    [{ seed: 1, frames: 9 }, 'UNKNOWN_OPTION'],
  ])('refuse %o', async (options, code) => {
    await expect(loadVideo({ files: packageFiles, ...options } as never)).rejects.toMatchObject({ code });
  });
});
