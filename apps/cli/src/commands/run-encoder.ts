import { shortest, type AttentionMap } from '@heed/heatmap';
import { useBackend } from '../backends.js';
import { ENCODER } from '../encoder.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { refuseFlags } from '../flag-names.js';
import type { BackendFlag, CommonFlags } from '../flags.js';
import type { Host } from '../host.js';
import { writeMaps } from '../io/map-files.js';
import { plain } from '../io/plain.js';
import { tellRefused } from '../io/tell-refused.js';
import { UsageError } from '../usage-error.js';

interface EncoderFlags extends CommonFlags, BackendFlag, Partial<Record<(typeof MEANINGLESS)[number], unknown>> {
  readonly out?: string;
  readonly maps: boolean;
}

/** Flags of `heed run` that a model without answers has no use for. */
const MEANINGLESS = ['interactive', 'sample', 'beam', 'temperature', 'topK', 'topP', 'length'] as const;

/** What a sentence's pieces attend to, and, of several sentences, how alike they are. */
export async function runEncoder(host: Host, sentences: readonly string[], flags: EncoderFlags): Promise<ExitCode> {
  const { output } = host;
  refuseFlags(flags, MEANINGLESS, `here: ${ENCODER} encodes sentences`);
  const texts = sentences.length > 0 ? sentences : await linesOf(host);
  const backend = await useBackend(flags);
  try {
    const { compareSentences, createSentenceEncoder, describeSentence } = await import('@heed/sentence-encoder');
    const encoder = createSentenceEncoder(await host.sentenceEncoderFiles());
    const kept: AttentionMap[] = [];
    const encoded: string[] = [];
    try {
      for (const text of texts) {
        const described = await describeSentence(encoder, text).catch((error: unknown) => {
          tellRefused(output, text, error);
        });
        if (described === undefined) continue;
        const { pieces, left, maps, embedding } = described;
        encoded.push(text);
        output.event({
          event: 'result',
          input: text,
          pieces,
          left,
          layers: maps.map(({ weights }) => weights.map((row) => Array.from(row, shortest))),
          embedding: Array.from(embedding, shortest),
        });
        output.print(`${output.paint.bold(plain(text))}  ${pieces.length} ${pieces.length === 1 ? 'piece' : 'pieces'}`);
        if (left > 0) output.note(`${left} more pieces are left out: the model reads 128`);
        kept.push(...maps.map((map) => ({ ...map, title: `${text}: ${map.title}` })));
        if (flags.maps) output.maps(maps);
      }
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
    return encoded.length === texts.length ? EXIT.ok : EXIT.failure;
  } finally {
    await backend.dispose();
  }
}

async function linesOf({ lines, stdinIsTerminal }: Host): Promise<string[]> {
  const none = new UsageError('no sentences', `heed run ${ENCODER} 'the cat sat' 'a cat was sitting'`);
  if (stdinIsTerminal) throw none;
  const found: string[] = [];
  for await (const batch of lines({ most: 32 })) found.push(...batch.filter((line) => line.trim() !== ''));
  if (found.length === 0) throw none;
  return found;
}

/** Cosines, each sentence with each. */
function similarityTable(texts: readonly string[], similarities: readonly (readonly number[])[]): string {
  const heading = `similarity${texts.map((_, n) => `${n + 1}`.padStart(7)).join('')}`;
  const rows = similarities.map(
    (row, n) =>
      `${`${n + 1}`.padStart(10)}${row.map((value) => value.toFixed(2).padStart(7)).join('')}  ${plain(texts[n]!)}`,
  );
  return [heading, ...rows].join('\n');
}
