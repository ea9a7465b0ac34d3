import type { Inputs, PretrainedModel } from '@heed/hugging-face';
import * as tf from '@tensorflow/tfjs-core';
import type { OpenFlags } from '../commands/open-command.js';
import type { Host } from '../host.js';
import { mapFormat } from '../io/map-files.js';
import { checkGiven, givenOf } from './given.js';
import { makeInputs } from './make-inputs.js';
import { checkPlace } from './maps.js';
import { continuationOf, saidOf } from './prediction.js';
import { checkPart, seenBy } from './seen.js';
import { showDrawings } from './show-drawings.js';

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
    await showDrawings(host, seen, flags);
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
