import { wordsAt } from '@heed/base';

/** Random choices, determined by seed, stream and index alone. */
export interface Random {
  /** A whole number in [0, n). */
  below(n: number): number;
  chance(share: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** New list of `count` items, or of all, in random order. */
  sample<T>(list: readonly T[], count?: number): T[];
}

export function createRandom(seed: number, stream: number | string, index: number): Random {
  const words = wordsAt({ seed, stream: 'stories', index, name: stream });
  let at = 0;
  const next = (): number => words(at++) / 2 ** 32;
  const below = (n: number): number => Math.floor(next() * n);
  return {
    below,
    chance: (share) => next() < share,
    pick: (list) => list[below(list.length)]!,
    sample(list, count = list.length) {
      const order = [...list];
      for (let i = 0; i < count; i++) {
        const j = i + below(order.length - i);
        [order[i], order[j]] = [order[j]!, order[i]!];
      }
      return order.slice(0, count);
    },
  };
}
