/**
 * A request and its tensors, as the caller lays them out in the heap: 4 bytes a field, in this order, which
 * src/request.ts repeats. A pointer of 0 means that the part is absent. Strides count elements.
 */
@unmanaged
export class Request {
  additive: i32;
  batch: i32;
  heads: i32;
  keyHeads: i32;
  queries: i32;
  keys: i32;
  /** D, or U of additive attention. */
  width: i32;
  valueWidth: i32;
  scale: f32;
  /** 0 for none. */
  softCap: f32;
  bandLower: usize;
  bandUpper: usize;
  lengths: usize;
  querySegments: usize;
  keySegments: usize;
  mask: usize;
  maskBatch: i32;
  maskHead: i32;
  maskQuery: i32;
  maskKey: i32;
  bias: usize;
  biasBatch: i32;
  biasHead: i32;
  biasQuery: i32;
  biasKey: i32;
  slopes: usize;
  slopeOffsets: usize;
  table: usize;
  tableHeads: i32;
  reach: i32;
  tableOffsets: usize;
  dropout: i32;
  threshold: u32;
  kept: f32;
  seedLow: u32;
  seedHigh: u32;
  query: usize;
  key: usize;
  value: usize;
  vector: usize;
  context: usize;
  logSumExp: usize;
  remainder: usize;
  weights: usize;
  dContext: usize;
  dLogSumExp: usize;
  dWeights: usize;
  dQuery: usize;
  dKey: usize;
  dValue: usize;
  dVector: usize;
  dBias: usize;
  dTable: usize;
  /** weightedContext: which function makes weights of the scores, as normalizers.ts counts them. */
  normalizer: i32;
  /** Given only for weightedContext. */
  scores: usize;
  dScores: usize;
  /** Whether there is a hook of scores. */
  scoreHook: i32;
  /** With a mask hook: what it does to each tile, one byte each (hook.ts), and the strides. */
  maskKinds: usize;
  kindBatch: i32;
  kindHead: i32;
  kindQuery: i32;
  /** What hooks captured, and float64 sums of its gradient; and where each tensor of a hook begins there, with its lengths. */
  captures: usize;
  dCaptures: usize;
  scoreLayout: usize;
  maskLayout: usize;
}
