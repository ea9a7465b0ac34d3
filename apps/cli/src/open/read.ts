import type { Inputs, PretrainedModel } from '@heed/hugging-face';
import * as tf from '@tensorflow/tfjs-core';
import type { OpenFlags } from '../commands/open-command.js';
import type { Host } from '../host.js';
import { mapFormat, writeMaps } from '../io/map-files.js';
import { checkGiven, givenOf } from './given.js';
import { makeInputs } from './make-inputs.js';
import { checkPlace, mapsOf, type Seen } from './maps.js';
import { continuationOf, saidOf } from './prediction.js';
import { checkPart, seenBy } from './seen.js';

/** Says of texts, pictures and sounds what the model makes of them, and what it attends to. */
export async function read(
  host: Host,
  model: PretrainedModel,
  given: readonly string[],
  flags: OpenFlags,
): Promise<void> {
  const { output } = host;
  const { tokenizer } = model;
  const what = givenOf(given);
  checkGiven(model, what, flags.pair);
  checkPart(model, flags);
  if (flags.out !== undefined) mapFormat(flags.out);
  const made = await makeInputs(host, model, what, flags.pair);
  const { inputs } = made;
  const continued = model.continues ? await continuedBy(model, inputs, flags) : undefined;
  const outputs = model.run(continued === undefined ? inputs : { ...inputs, [decoded(model)]: [continued.sequence] }, {
    attentions: true,
  });
  try {
    const tokens = continued?.sequence.map((id) => tokenizer?.tokenOf(id) ?? String(id));
    const seen = seenBy(model, what, made, tokens, outputs, flags);
    for (const { attentions } of seen) checkPlace(attentions, flags);
    const { result, lines } =
      continued === undefined
        ? await saidOf(model, what, inputs.inputIds?.[0] ?? [], outputs)
        : continuationOf(tokenizer, continued.added);
    output.event({ event: 'result', ...result });
    for (const line of lines) output.print(line);
    await showMaps(host, seen, flags);
  } finally {
    tf.dispose({ ...outputs } as tf.TensorContainer);
  }
}

/** The input that a continuation is of. */
const decoded = ({ takes }: PretrainedModel): keyof Inputs =>
  takes.includes('decoderInputIds') ? 'decoderInputIds' : 'inputIds';

async function continuedBy(model: PretrainedModel, inputs: Inputs, flags: OpenFlags) {
  const { sequences, newTokens } = await model.generate(inputs, {
    maxNewTokens: flags.length,
    numBeams: flags.beam ?? 1,
  });
  return { sequence: sequences[0]!, added: newTokens[0]! };
}

async function showMaps(host: Host, seen: readonly Seen[], flags: OpenFlags): Promise<void> {
  const { output } = host;
  const { layer, head, rollout } = flags;
  const all = async (layerOf: (seen: Seen) => number | undefined, head: number | 'mean' | undefined) =>
    (await Promise.all(seen.map((one) => mapsOf(one, { layer: layerOf(one), head, rollout })))).flat();
  const shown = await all(({ attentions }) => layer ?? attentions.length - 1, head ?? 'mean');
  for (const { map, ...place } of shown)
    output.event({ event: 'map', ...place, weights: map.weights.map((row) => Array.from(row)) });
  if (flags.maps && shown.length > 0) output.maps(shown.map(({ map }) => map));
  if (flags.out === undefined) return;
  const written = await all(() => layer, head);
  await writeMaps(
    host,
    flags.out,
    written.map(({ map }) => map),
  );
  output.note(`written to ${flags.out}`);
}
