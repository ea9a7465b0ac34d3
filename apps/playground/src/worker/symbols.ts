import type { Seq2SeqConfig } from '@heed/networks';

/** Source symbols of the g2p task, for models that are made before its data are loaded. */
export const LETTERS: readonly string[] = [..."'-.abcdefghijklmnopqrstuvwxyz"];
export const PHONEMES: readonly string[] =
  'AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH'.split(' ');

/** Source symbols of a typed text: characters, or words between spaces when the model's symbols are longer. */
export function symbolsOf(text: string, { sourceSymbols }: Pick<Seq2SeqConfig, 'sourceSymbols'>): string[] {
  const known = new Set(sourceSymbols);
  const isLong = sourceSymbols.some((symbol) => [...symbol].length > 1);
  const parts = isLong ? text.trim().split(/\s+/) : [...text.trim()];
  return parts.map((part) => (!known.has(part) && known.has(part.toLowerCase()) ? part.toLowerCase() : part));
}
