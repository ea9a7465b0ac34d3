import { expect, test } from 'vitest';
import type { Standing } from '../contest.js';
import { outcomeOf } from './outcome.js';

const first = { name: 'some', title: 'some case' };

function standing(system: string, ratio: number, ...rounds: number[]): Standing {
  const ms = rounds.toSorted((a, b) => a - b)[rounds.length >> 1];
  return { system, ms, rounds, range: [Math.min(...rounds), Math.max(...rounds)], ratio, interval: [ratio, ratio + 1] };
}

test('the peer is the fastest of the others by the ratio of the rounds, whatever its times', () => {
  const heed = standing('heed', 1, 10, 20, 40);
  const others = [standing('slow', 3, 30, 30, 120), standing('fast', 2, 20, 40, 100)];
  expect(outcomeOf({ ...first, target: 2 }, [heed, ...others], { heed: 500 })).toMatchObject({
    case: first.name,
    peer: 'fast',
    target: 2,
    measured: 2,
    met: true,
    spread: [2, 2.5],
    interval: [2, 3],
    heedMs: 20,
    peerMs: 40,
    firstUseMs: { heed: 500 },
    rounds: 3,
  });
});

test('without a target nothing is met or missed', () => {
  const standings = [standing('heed', 1, 10), standing('other', 0.5, 5)];
  expect(outcomeOf({ ...first, target: null }, standings, {})).toMatchObject({
    target: null,
    met: null,
    measured: 0.5,
  });
  expect(outcomeOf({ ...first, target: 2 }, standings, {}).met).toBe(false);
});

test('where peers are named, the fastest of them counts, however fast others are', () => {
  const standings = [standing('heed', 1, 10), standing('other of Heed', 0.5, 5), standing('peer', 3, 30)];
  expect(outcomeOf({ ...first, target: 2, peers: ['peer'] }, standings, {})).toMatchObject({ peer: 'peer', met: true });
});
