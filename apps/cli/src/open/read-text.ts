import type { Inputs, Outputs, PretrainedModel, Tokenizer } from '@heed/hugging-face';
import * as tf from '@tensorflow/tfjs-core';
import type { OpenFlags, Part } from '../commands/open-command.js';
import type { Host } from '../host.js';
import { mapFormat, writeMaps } from '../io/map-files.js';
import { UsageError } from '../usage-error.js';
import { checkPlace, mapsOf, type Seen } from './maps.js';
import { saidOf, type Prediction } from './prediction.js';

/** Says of a text what its tokens are, what the model makes of it, and what it attends to. */
export async function readText(host: Host, model: PretrainedModel, text: string, flags: OpenFlags): Promise<void> {
  const { output } = host;
  const { tokenizer } = model;
  if (tokenizer === undefined)
    throw new UsageError('the folder has no tokenizer.json', 'a text can’t be read without one');
  if (!model.takes.includes('inputIds'))
    throw new UsageError(`${model.architecture} reads no texts`, `it takes ${model.takes.join(', ')}`);
  const isApart = model.takes.includes('decoderInputIds');
  checkPart(model, isApart, flags);
  if (flags.out !== undefined) mapFormat(flags.out);
  const { ids, typeIds, tokens } = tokenizer.encode(text, flags.pair === undefined ? {} : { pair: flags.pair });
  output.event({ event: 'tokens', tokens, ids });
  output.print(tokens.join(' '));
  const inputs: Inputs = { inputIds: [ids], ...(model.takes.includes('tokenTypeIds') && { tokenTypeIds: [typeIds] }) };
  const continued = model.continues ? await continuedBy(model, inputs, flags) : undefined;
  const outputs = model.run(
    continued === undefined
      ? inputs
      : isApart
        ? { ...inputs, decoderInputIds: [continued] }
        : { inputIds: [continued] },
    { attentions: true },
  );
  try {
    const seen = seenBy(
      outputs,
      tokens,
      tokensOf(tokenizer, continued ?? ids),
      isApart ? (flags.part ?? 'cross') : undefined,
    );
    checkPlace(seen.attentions, flags);
    const { result, lines } =
      continued === undefined
        ? await saidOf(model, ids, outputs)
        : continuationOf(tokenizer, continued.slice(isApart ? 1 : ids.length));
    output.event({ event: 'result', ...result });
    for (const line of lines) output.print(line);
    await showMaps(host, seen, flags);
  } finally {
    tf.dispose({ ...outputs } as tf.TensorContainer);
  }
}

/** Refuses a part that the model hasn't, and a rollout of one that isn't of a sequence to itself. */
function checkPart({ architecture }: PretrainedModel, isApart: boolean, { part, rollout }: OpenFlags): void {
  if (!isApart && part !== undefined)
    throw new UsageError(`${architecture} has no parts`, '--part is for encoder–decoders');
  if (isApart && rollout === true && (part ?? 'cross') === 'cross')
    throw new UsageError('attention to another sequence has no rollout', 'add --part encoder, or --part decoder');
}

/** What was attended to, of the whole model or of a part, from the source's tokens and those that were read or made after it. */
function seenBy(outputs: Outputs, source: readonly string[], tokens: readonly string[], part: Part | undefined): Seen {
  const { attentions, crossAttentions, encoderAttentions, decoderAttentions } = outputs;
  if (part === 'cross') return { attentions: crossAttentions!, rows: tokens, columns: source };
  if (part === 'encoder') return { attentions: encoderAttentions!, rows: source, columns: source };
  return { attentions: (part === 'decoder' ? decoderAttentions : attentions)!, rows: tokens, columns: tokens };
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
  const { layer, head, rollout } = flags;
  const shown = await mapsOf(seen, { layer: layer ?? seen.attentions.length - 1, head: head ?? 'mean', rollout });
  for (const { map, ...place } of shown)
    output.event({ event: 'map', ...place, weights: map.weights.map((row) => Array.from(row)) });
  if (flags.maps) output.maps(shown.map(({ map }) => map));
  if (flags.out === undefined) return;
  const written = await mapsOf(seen, { layer, head, rollout });
  await writeMaps(
    host,
    flags.out,
    written.map(({ map }) => map),
  );
  output.note(`written to ${flags.out}`);
}
