import type { Tally } from '@heed/attention';
import type { TransformerConfig } from '../transformer/config.js';
import { addMechanism } from './mechanism-cost.js';
import type { ModelProblem, Parts } from './model-parts.js';
import { addCopying, rowsOf } from './recurrent-cost.js';

/** A model of kind 'transformer' under teacher forcing. 'attention' is all of it: of both to themselves, and across. */
export function addTransformer(
  parts: Parts<Tally>,
  config: TransformerConfig,
  { source, target, batch }: ModelProblem,
): void {
  const { width, heads, hiddenUnits } = config;
  const unknown = config.copying ? 1 : 0;
  const symbols = config.targetSymbols.length + 1;
  const targetRows = symbols + unknown;
  const time = target + 1;
  parts.embedding.parameters((config.sourceSymbols.length + 1 + unknown + targetRows) * width);

  const norm = (tally: Tally): unknown => tally.parameters(2 * width);
  const attention = (queries: number, keys: number): void => {
    norm(parts.attention);
    const place = { queryWidth: width, memoryWidth: width };
    addMechanism(parts.attention, { kind: 'multiHead', heads, bias: false }, place, { batch, queries, keys, calls: 1 });
  };
  const feedForward = (tally: Tally, places: number): void => {
    norm(tally);
    tally.parameters(2 * width * hiddenUnits + hiddenUnits + width);
    tally.product({ m: places, k: width, n: hiddenUnits }).product({ m: places, k: hiddenUnits, n: width });
  };

  for (let layer = 0; layer < config.encoderLayers; layer++) {
    attention(source, source);
    feedForward(parts.encoder, source * batch);
  }
  norm(parts.encoder);
  for (let layer = 0; layer < config.decoderLayers; layer++) {
    attention(time, time);
    attention(time, source);
    feedForward(parts.decoder, time * batch);
  }
  norm(parts.decoder);
  parts.output.parameters(symbols, config.tied ? 0 : width * symbols);
  parts.output.product({ m: time * batch, k: width, n: symbols }).functions(time * batch * symbols);
  if (config.copying) {
    addCopying(parts.output, {
      rows: rowsOf(targetRows, time * batch),
      places: time * batch,
      embeddingWidth: width,
      stateWidth: width,
      contextWidth: width,
    });
  }
}
