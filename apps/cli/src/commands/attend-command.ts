import { defineCommand } from '../command.js';
import { flag, toggle, type FlagsOf } from '../flag.js';
import { number, wholeNumber, wholeNumbers, windowSides } from '../flag-values.js';
import { either, mechanismNames } from '../mechanism-names.js';
import { BACKEND_FLAGS, COMMON_FLAGS, seed } from '../shared-flags.js';

const FLAGS = {
  query: flag('<file>', '[T, D], [B, T, D] or [B, H, T, D]'),
  key: flag('<file>', 'keys (default: the queries)'),
  value: flag('<file>', 'values (default: the keys)'),
  scores: flag('<file>', 'scores [Tq, Tk], [B, Tq, Tk] or [B, H, Tq, Tk] of your own, instead of query and key'),
  mechanism: flag('<kind>', (catalog) => `${either(mechanismNames(catalog))} (default: scaled-dot-product)`),
  options: flag('<json>', 'more options of the mechanism: \'{"heads":4,"bias":false}\''),
  parameters: flag('<file>', 'parameters of the mechanism, safetensors (default: from the seed)'),
  causal: toggle('attend to no later position'),
  align: flag('<how>', 'where queries sit when there are fewer or more than keys: top-left or bottom-right'),
  offset: flag('<number>', 'key position of the first query, instead of --align', wholeNumber({ least: -(2 ** 29) })),
  window: flag('<left,right>', 'attend to so many positions before and after, or all: 2,0', windowSides),
  lengths: flag('<list>', 'how many keys of each batch row take part: 3,5', wholeNumbers),
  mask: flag('<file>', 'bools (or 0 and 1) that broadcast to [B, H, Tq, Tk]; true = attend'),
  maskAxes: flag('<letters>', 'which of b, h, q, k its axes are: bqk (default: counted from the right)'),
  bias: flag('<file>', 'numbers added to the scores, that broadcast to [B, H, Tq, Tk]'),
  biasAxes: flag('<letters>', 'which of b, h, q, k its axes are'),
  alibi: toggle('add linear biases by distance'),
  scale: flag('<number>', 'of the scores (default: 1/√D)', number()),
  softCap: flag('<number>', 'scores become cap·tanh(score / cap)', number({ above: 0 })),
  normalizer: flag('<name>', 'softmax, sparsemax, entmax15, sigmoid or hard (default: softmax)'),
  dropout: flag('<rate>', 'drop weights at this rate, by the seed', number({ least: 0, below: 1 })),
  returns: flag('<list>', 'context, weights, logSumExp (default: context,weights)'),
  rowLabels: flag('<list>', 'names of the queries: the,cat,sat'),
  columnLabels: flag('<list>', 'names of the keys'),
  out: flag('<file>', 'maps to .svg, .png, .html, .csv or .json; tensors to .npy or .safetensors'),
  seed: seed('of the mechanism’s parameters and of dropout', 1),
  ...BACKEND_FLAGS,
  ...COMMON_FLAGS,
};

export type AttendFlags = FlagsOf<typeof FLAGS>;

export const ATTEND = defineCommand({
  usage: 'attend',
  about: 'Attention over your own queries, keys and values, from .npy files or JSON of nested lists.',
  flags: FLAGS,
  examples: [
    'heed attend --query q.npy --key k.npy --value v.npy --causal --align bottom-right',
    'heed attend --query q.json --mechanism additive --window 2,0 --out map.svg',
  ],
  runs: 'on its backend',
  load: async () => (await import('./attend.js')).attend,
});
