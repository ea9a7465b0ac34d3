import { filesIn } from './folders.js';

/** The folder of BERT as sentence-transformers would have it, with vectors of length 1. */
export function fakeModules(pooling: object, others: readonly string[] = []): Record<string, Uint8Array> {
  const modules = ['Transformer', 'Pooling', ...others, 'Normalize'].map((kind, idx) => ({
    idx,
    name: String(idx),
    path: kind === 'Transformer' ? '' : `${idx}_${kind}`,
    type: `sentence_transformers.models.${kind}`,
  }));
  return filesIn('bert', {
    'modules.json': JSON.stringify(modules),
    '1_Pooling/config.json': JSON.stringify({ word_embedding_dimension: 32, include_prompt: true, ...pooling }),
  });
}
