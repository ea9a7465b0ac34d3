import { expect, it } from 'vitest';
import { templateOf } from './template.js';

const A = { text: 'A', type: 0 };

it('BERT’s and RoBERTa’s processors put their tokens around one and two texts', () => {
  expect(templateOf({ type: 'BertProcessing', cls: ['[CLS]', 2], sep: ['[SEP]', 3] })).toEqual({
    single: [{ ids: [2], type: 0 }, A, { ids: [3], type: 0 }],
    pair: [{ ids: [2], type: 0 }, A, { ids: [3], type: 0 }, { text: 'B', type: 1 }, { ids: [3], type: 1 }],
  });
  const { pair } = templateOf({ type: 'RobertaProcessing', cls: ['<s>', 0], sep: ['</s>', 2] });
  expect(pair.map((piece) => ('ids' in piece ? piece.ids[0] : piece.text))).toEqual([0, 'A', 2, 2, 'B', 2]);
  expect(pair.every(({ type }) => type === 0)).toBe(true);
});

it('nothing is put around texts of byte-level models, of which the second is a segment of its own', () => {
  const bare = { single: [A], pair: [A, { text: 'B', type: 1 }] };
  expect(templateOf(null)).toEqual(bare);
  expect(templateOf({ type: 'ByteLevel' })).toEqual(bare);
});

it('a sequence is its part that puts something around', () => {
  const bert = { type: 'BertProcessing', cls: ['[CLS]', 2], sep: ['[SEP]', 3] };
  expect(templateOf({ type: 'Sequence', processors: [{ type: 'ByteLevel' }, bert] })).toEqual(templateOf(bert));
});

it.each([
  ['an unknown kind', { type: 'Foo' }],
  ['no object', 5],
  ['a piece that is none', { type: 'TemplateProcessing', single: [{}], pair: [], special_tokens: {} }],
  [
    'a token without ids',
    { type: 'TemplateProcessing', single: [{ SpecialToken: { id: 'x', type_id: 0 } }], pair: [] },
  ],
  ['ends without ids', { type: 'BertProcessing', cls: '[CLS]', sep: ['[SEP]', 3] }],
])('refuses %s', (_, processor) => {
  expect(() => templateOf(processor)).toThrow(expect.objectContaining({ code: 'FILE_INVALID' }));
});
