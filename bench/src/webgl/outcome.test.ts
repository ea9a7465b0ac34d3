import { expect, test } from 'vitest';
import type { Standing } from '../contest.js';
import { CASES } from './cases.js';
import { outcomeOf } from './outcome.js';

const [first] = CASES;

function standing(system: string, ...rounds: number[]): Standing {
  const ms = rounds.toSorted((a, b) => a - b)[rounds.length >> 1]!;
  return { system, ms, rounds, range: [Math.min(...rounds), Math.max(...rounds)], ratio: 1, interval: [1, 1] };
}

test('the peer is the fastest of the others, and its ratio to Heed is that of the rounds', () => {
  const heed = standing('heed', 10, 20, 40);
  const others = [standing('slow', 90, 91, 92), standing('fast', 40, 40, 80)];
  expect(outcomeOf({ ...first!, target: 2 }, [heed, ...others], { heed: 500 })).toMatchObject({
    case: first!.name,
    peer: 'fast',
    target: 2,
    measured: 2, // of 4, 2 and 2
    met: true,
    spread: [2, 4],
    interval: [2, 4],
    heedMs: 20,
    peerMs: 40,
    firstUseMs: { heed: 500 },
    rounds: 3,
  });
});

test('without a target nothing is met or missed', () => {
  const standings = [standing('heed', 10), standing('other', 5)];
  expect(outcomeOf({ ...first!, target: null }, standings, {})).toMatchObject({
    target: null,
    met: null,
    measured: 0.5,
  });
  expect(outcomeOf({ ...first!, target: 2 }, standings, {}).met).toBe(false);
});
