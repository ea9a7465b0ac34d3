import { lanesAt, loadLanes, storeLanes } from './lanes';
import { philox, word0, word1, word2, word3 } from './philox';

/**
 * x times 0 where the element's random word is under the threshold, and times `kept` elsewhere, as core's model-ops/dropout has it: the words
 * of block n, those of counter (n, c1, c2, c3), are those of elements 4n … 4n + 3.
 */
export function dropout(
  x: usize,
  y: usize,
  count: u32,
  threshold: u32,
  kept: f32,
  key0: u32,
  key1: u32,
  c1: u32,
  c2: u32,
  c3: u32,
): void {
  const end = <usize>count << 2;
  const least = i32x4.splat(threshold);
  const factors = f32x4.splat(kept);
  let blocks = i32x4(0, 1, 2, 3);
  for (let n: usize = 0; n < end; n += 64) {
    philox(blocks, i32x4.splat(c1), i32x4.splat(c2), i32x4.splat(c3), key0, key1);
    blocks = i32x4.add(blocks, i32x4.splat(4));
    // From words by counter to counters by word.
    const low01 = v128.shuffle<i32>(word0, word1, 0, 4, 1, 5);
    const low23 = v128.shuffle<i32>(word2, word3, 0, 4, 1, 5);
    const high01 = v128.shuffle<i32>(word0, word1, 2, 6, 3, 7);
    const high23 = v128.shuffle<i32>(word2, word3, 2, 6, 3, 7);
    drop(x, y, n, end, v128.shuffle<i32>(low01, low23, 0, 1, 4, 5), least, factors);
    drop(x, y, n + 16, end, v128.shuffle<i32>(low01, low23, 2, 3, 6, 7), least, factors);
    drop(x, y, n + 32, end, v128.shuffle<i32>(high01, high23, 0, 1, 4, 5), least, factors);
    drop(x, y, n + 48, end, v128.shuffle<i32>(high01, high23, 2, 3, 6, 7), least, factors);
  }
}

// @ts-ignore: decorator
@inline
function drop(x: usize, y: usize, n: usize, end: usize, words: v128, threshold: v128, kept: v128): void {
  if (n >= end) return;
  const lanes = lanesAt(n, end);
  const factors = v128.andnot(kept, i32x4.lt_u(words, threshold));
  storeLanes(y + n, f32x4.mul(loadLanes(x + n, lanes), factors), lanes);
}
