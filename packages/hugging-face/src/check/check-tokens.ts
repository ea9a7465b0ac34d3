import type { Config } from '../config.js';
import type { Tokenizer } from '../tokens/tokenizer.js';
import { listOf } from './expected.js';
import { resultOf, type CheckResult } from './result.js';

/** Texts as numbers and back, each held to what the tokenizers library of Rust makes of them. */
export function checkTokens(tokenizer: Tokenizer, tokenization: Config): CheckResult {
  const encodings = listOf(tokenization, 'encodings');
  const wrong = encodings.flatMap((encoding) => differencesOf(tokenizer, encoding).slice(0, 1));
  return resultOf('', `tokens of ${encodings.length} texts`, wrong.length, 0, wrong[0]);
}

function differencesOf(tokenizer: Tokenizer, encoding: Config): readonly string[] {
  const [text, pair] = encoding.has('pair') ? encoding.texts('pair') : [encoding.text('text')];
  const options = pair === undefined ? {} : { pair };
  const whole = tokenizer.encode(text!, options);
  const plain = tokenizer.encode(text!, { ...options, specialTokens: false });
  const ids = encoding.ids('ids');
  // Where transformers decodes otherwise than the tokenizers library, it is what users see.
  const decoded = (name: string): string => encoding.text(encoding.has(`hf_${name}`) ? `hf_${name}` : name);
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ['ids', whole.ids, ids],
    ['type ids', whole.typeIds, encoding.ids('type_ids')],
    ['ids without special tokens', plain.ids, encoding.ids('ids_plain')],
    // A token that takes the space before it shows it in Rust.
    ['tokens', whole.tokens.map((token) => token.trim()), encoding.texts('tokens').map((token) => token.trim())],
    ['decoded', tokenizer.decode(ids), decoded('decoded')],
    [
      'decoded without special tokens',
      tokenizer.decode(ids, { skipSpecialTokens: true }),
      decoded('decoded_skip_special'),
    ],
  ];
  return pairs
    .map(([what, found, wanted]) => [what, JSON.stringify(found), JSON.stringify(wanted)] as const)
    .filter(([, found, wanted]) => found !== wanted)
    .map(([what, found, wanted]) => `${what} of ${JSON.stringify(text)} are ${found}, not ${wanted}`);
}
