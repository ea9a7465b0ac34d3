import { shortest, type AttentionMap } from '@heed/heatmap';
import type { SentenceDescription } from '@heed/sentence-encoder';
import { ENCODER, ENCODER_TITLE } from '../encoder.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { refuseFlags } from '../flag-names.js';
import type { Host } from '../host.js';
import { isAsked, readInputs, type Given } from '../inputs.js';
import { writeMaps } from '../io/map-files.js';
import { plain } from '../io/plain.js';
import { Refusals } from '../refusals.js';
import { UsageError } from '../usage-error.js';
import type { RunFlags } from './run-command.js';

/** Flags of `heed run` that a model without answers has no use for. */
const MEANINGLESS = ['sample', 'beam', 'temperature', 'topK', 'topP', 'length'] as const;

/** What a sentence's pieces attend to, and, of several sentences, how alike they are. */
export async function runEncoder(host: Host, sentences: readonly string[], flags: RunFlags): Promise<ExitCode> {
  const { output } = host;
  refuseFlags(flags, MEANINGLESS, `here: ${ENCODER} encodes sentences`);
  const asked = isAsked(host, sentences, flags);
  const refusals = new Refusals(output, { all: asked });
  const backend = await host.backends.use(flags);
  try {
    const { compareSentences, createSentenceEncoder, describeSentence } = await import('@heed/sentence-encoder');
    const encoder = createSentenceEncoder(await host.sentenceEncoderFiles());
    const kept: AttentionMap[] = [];
    const encoded: string[] = [];
    const encode = async ({ text, from, ...bad }: Given): Promise<void> => {
      if ('error' in bad) return refusals.tell(text, from, bad.error);
      let described: SentenceDescription;
      try {
        described = await describeSentence(encoder, text);
      } catch (error) {
        return refusals.tell(text, from, error);
      }
      const { pieces, left, maps, embedding } = described;
      encoded.push(text);
      output.event({
        event: 'result',
        input: text,
        ...from,
        pieces,
        left,
        layers: maps.map(({ weights }) => weights.map((row) => Array.from(row, shortest))),
        embedding: Array.from(embedding, shortest),
      });
      output.print(`${output.paint.bold(plain(text))}  ${pieces.length} ${pieces.length === 1 ? 'piece' : 'pieces'}`);
      if (left > 0) output.note(`${left} more pieces are left out: the model reads 128`);
      kept.push(...maps.map((map) => ({ ...map, title: `${text}: ${map.title}` })));
      if (flags.maps) output.maps(maps);
    };
    try {
      for await (const batch of readInputs(host, sentences, flags, SENTENCES))
        for (const sentence of batch) await encode(sentence);
      refusals.end();
      if (encoded.length + refusals.count === 0 && !asked)
        throw new UsageError('no sentences', `heed run ${ENCODER} 'the cat sat' 'a cat was sitting'`);
      if (encoded.length > 1) {
        const similarities = await compareSentences(encoder, encoded);
        output.event({ event: 'similarities', inputs: encoded, similarities });
        output.print(similarityTable(encoded, similarities));
      }
    } finally {
      encoder.dispose();
    }
    if (flags.out !== undefined && kept.length > 0) {
      await writeMaps(host, flags.out, kept);
      output.note(`written to ${flags.out}`);
    }
    return refusals.count > 0 && !asked ? EXIT.failure : EXIT.ok;
  } finally {
    await backend.dispose();
  }
}

const SENTENCES = { title: ENCODER_TITLE, example: 'the cat sat', multiline: false };

/** Cosines, each sentence with each. */
function similarityTable(texts: readonly string[], similarities: readonly (readonly number[])[]): string {
  const heading = `similarity${texts.map((_, n) => `${n + 1}`.padStart(7)).join('')}`;
  const rows = similarities.map(
    (row, n) =>
      `${`${n + 1}`.padStart(10)}${row.map((value) => value.toFixed(2).padStart(7)).join('')}  ${plain(texts[n])}`,
  );
  return [heading, ...rows].join('\n');
}
