import { expect, it } from 'vitest';
import { filesIn } from '../../test/folders.js';
import { Tokenizer } from './tokenizer.js';

const tokenizerOf = (name: string, config: object = {}): Tokenizer => {
  const json = (file: string): Record<string, unknown> =>
    JSON.parse(new TextDecoder().decode(filesIn(name)[file]!)) as Record<string, unknown>;
  return new Tokenizer(json('tokenizer.json'), { ...json('tokenizer_config.json'), ...config });
};

it('a batch is padded to its longest text, on the side of the tokenizer', () => {
  const texts = ['A red boat.', 'It'];
  const tokenizer = tokenizerOf('bert');
  const [long, short] = texts.map((text) => tokenizer.encode(text).ids);
  const pads = (count: number, id: number): number[] => Array.from({ length: count }, () => id);
  const more = long!.length - short!.length;
  expect(tokenizer.encodeBatch(texts)).toEqual({
    inputIds: [long, [...short!, ...pads(more, tokenizer.padId!)]],
    attentionMask: [pads(long!.length, 1), [...pads(short!.length, 1), ...pads(more, 0)]],
    tokenTypeIds: [pads(long!.length, 0), pads(long!.length, 0)],
  });
  const { inputIds } = tokenizerOf('bert', { padding_side: 'left' }).encodeBatch(texts);
  expect(inputIds[1]!.slice(more)).toEqual(short);
});

it('a batch of no texts is refused', () => {
  expect(() => tokenizerOf('bert').encodeBatch([])).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
});
