import type { Answer } from '@heed/tasks';
import { describe, expect, test } from 'vitest';
import { zh } from '../../text/zh.js';
import { inWords } from './in-words.js';

const told: Answer = {
  output: 'positive',
  alternatives: [{ output: 'negative', logProbability: -1 }],
  maps: [
    {
      weights: [[1]],
      rowLabels: ['positive, 95.0 %'],
      columnLabels: ['good'],
      title: 'positive, 95.0 %: sentences',
      rowAxis: 'class',
      columnAxis: 'word',
    },
  ],
  details: { probabilities: { positive: 0.95, negative: 0.05 } },
};

describe('an answer in Chinese', () => {
  test('classes of built-in tasks are translated', () => {
    const { output, alternatives, maps } = inWords(told, zh);
    expect([output, alternatives[0].output]).toEqual(['褒义', '贬义']);
    expect(maps[0]).toMatchObject({
      title: '褒义，95.0 %：句子',
      rowLabels: ['褒义，95.0 %'],
      columnLabels: ['good'],
      rowAxis: '类别',
    });
  });

  test('labels of somebody’s own files stay as they are', () => {
    const { output, alternatives, maps } = inWords(told, zh, true);
    expect([output, alternatives[0].output]).toEqual(['positive', 'negative']);
    expect(maps[0]).toMatchObject({
      title: 'positive，95.0 %：句子',
      rowLabels: ['positive，95.0 %'],
      rowAxis: '类别',
    });
  });
});
