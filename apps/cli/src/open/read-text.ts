import type { Inputs, PretrainedModel, Tokenizer } from '@heed/hugging-face';
import * as tf from '@tensorflow/tfjs-core';
import type { OpenFlags } from '../commands/open-command.js';
import type { Host } from '../host.js';
import { mapFormat, writeMaps } from '../io/map-files.js';
import { UsageError } from '../usage-error.js';
import { checkPlace, mapsOf, type Seen } from './maps.js';
import { predictionOf, type Prediction } from './prediction.js';

/** Says of a text what its tokens are, what the model makes of it, and what it attends to. */
export async function readText(host: Host, model: PretrainedModel, text: string, flags: OpenFlags): Promise<void> {
  const { output } = host;
  const { tokenizer } = model;
  if (tokenizer === undefined)
    throw new UsageError('the folder has no tokenizer.json', 'a text can’t be read without one');
  if (!model.takes.includes('inputIds'))
    throw new UsageError(`${model.architecture} reads no texts`, `it takes ${model.takes.join(', ')}`);
  if (flags.out !== undefined) mapFormat(flags.out);
  const { ids, typeIds, tokens } = tokenizer.encode(text, flags.pair === undefined ? {} : { pair: flags.pair });
  output.event({ event: 'tokens', tokens, ids });
  output.print(tokens.join(' '));
  const inputs: Inputs = { inputIds: [ids], ...(model.takes.includes('tokenTypeIds') && { tokenTypeIds: [typeIds] }) };
  const continued = model.continues ? await continuedBy(model, inputs, flags) : undefined;
  const isApart = model.takes.includes('decoderInputIds');
  const outputs = model.run(
    continued === undefined
      ? inputs
      : isApart
        ? { ...inputs, decoderInputIds: [continued] }
        : { inputIds: [continued] },
    { attentions: true },
  );
  try {
    // What a decoder beside an encoder reads from are the source's tokens.
    const attentions = outputs.crossAttentions ?? outputs.attentions ?? [];
    checkPlace(attentions, flags);
    const { result, lines } =
      continued === undefined
        ? await predictionOf(model, tokenizer, ids, outputs)
        : continuationOf(tokenizer, continued.slice(isApart ? 1 : ids.length));
    output.event({ event: 'result', ...result });
    for (const line of lines) output.print(line);
    const rows = tokensOf(tokenizer, continued ?? ids);
    await showMaps(host, { attentions, rows, columns: isApart ? tokens : rows }, flags);
  } finally {
    tf.dispose({ ...outputs } as tf.TensorContainer);
  }
}

async function continuedBy(model: PretrainedModel, inputs: Inputs, flags: OpenFlags): Promise<readonly number[]> {
  const { sequences } = await model.generate(inputs, { maxNewTokens: flags.length, numBeams: flags.beam ?? 1 });
  return sequences[0]!;
}

const tokensOf = (tokenizer: Tokenizer, ids: readonly number[]): readonly string[] =>
  ids.map((id) => tokenizer.tokenOf(id));

function continuationOf(tokenizer: Tokenizer, ids: readonly number[]): Prediction {
  const continuation = tokenizer.decode(ids, { skipSpecialTokens: true });
  return { result: { continuation, ids }, lines: [continuation] };
}

async function showMaps(host: Host, seen: Seen, flags: OpenFlags): Promise<void> {
  const { output } = host;
  const shown = await mapsOf(seen, { layer: flags.layer ?? seen.attentions.length - 1, head: flags.head ?? 'mean' });
  for (const { map, ...place } of shown)
    output.event({ event: 'map', ...place, weights: map.weights.map((row) => Array.from(row)) });
  if (flags.maps) output.maps(shown.map(({ map }) => map));
  if (flags.out === undefined) return;
  const written = await mapsOf(seen, { layer: flags.layer, head: flags.head });
  await writeMaps(
    host,
    flags.out,
    written.map(({ map }) => map),
  );
  output.note(`written to ${flags.out}`);
}
