import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { uniform } from '@heed/base';
import { beforeEach, describe, expect, test } from 'vitest';
import { events, heed, temporaryFolder, type Outcome } from './heed.js';

const VECTORS = fileURLToPath(new URL('../../../vectors/hugging-face/', import.meta.url));
const WORDS = ['the old miller', 'a red boat', 'the river', 'sat by', 'and went', 'under the moon', 'with his dog'];

let folder: string;
const run = (...args: string[]): Promise<Outcome> => heed(args, { cwd: folder });
const written = (path: string): Promise<Buffer> => readFile(join(folder, path));

beforeEach(async () => {
  folder = await temporaryFolder();
  // The words are drawn from a small vocabulary, so that there is something to learn, and each document is another.
  const draw = uniform({ stream: 'inputs', seed: 1, name: 'words' });
  const words = (count: number): string =>
    Array.from({ length: count }, () => WORDS[Math.floor(draw() * WORDS.length)]!).join(' ');
  await writeFile(join(folder, 'story.txt'), Array.from({ length: 60 }, () => words(30)).join('.\n\n'));
  const rows = Array.from({ length: 120 }, (_, n) => {
    const label = n % 2 === 0 ? 'spam' : 'ham';
    return `${label === 'spam' ? 'WIN CASH! ' : ''}${words(6)}\t${label}`;
  });
  await writeFile(join(folder, 'mails.tsv'), rows.join('\n'));
});

describe('heed train text --from', () => {
  const train = (out: string, ...flags: string[]): Promise<Outcome> =>
    run(
      'train',
      'text',
      '--from',
      join(VECTORS, 'gpt2'),
      '--data',
      'story.txt',
      '--window',
      '64',
      '--out',
      out,
      '--json',
      ...flags,
    );
  const SHORT = ['--steps', '12', '--learning-rate', '0.01'];

  test('trains the model on, interrupted or not, and saves a folder that opens', async () => {
    const whole = await train('whole', ...SHORT);
    expect([whole.code, whole.stderr]).toEqual([
      0,
      expect.stringContaining('a folder of Hugging Face: whole/pretrained'),
    ]);
    const losses = events(whole).filter(({ event }) => event === 'evaluation') as {
      figures: { bitsPerCharacter: number };
    }[];
    expect(losses.at(-1)!.figures.bitsPerCharacter).toBeLessThan(6);
    const cut = await train('cut', ...SHORT, '--max-time', '0.001');
    expect(events(cut).at(-1)).toMatchObject({ event: 'done', reason: 'max-seconds', step: 1 });
    const resumed = await run('train', 'text', '--out', 'cut', '--resume', '--json');
    expect(events(resumed)[0]).toMatchObject({ event: 'start', resumed: true, step: 1 });
    expect(await written('cut/pretrained/model.safetensors')).toEqual(
      await written('whole/pretrained/model.safetensors'),
    );
    expect((await readdir(join(folder, 'whole/pretrained'))).toSorted()).toEqual(
      [
        'config.json',
        'generation_config.json',
        'model.safetensors',
        'tokenizer.json',
        'tokenizer_config.json',
      ].toSorted(),
    );
    const opened = await run('open', 'whole/pretrained', 'the old', '--json');
    expect(events(opened)[0]).toMatchObject({ event: 'tokens' });
  });

  test('an adapter is saved by itself and as a part of the model, and the run answers', async () => {
    const trained = await train('adapted', ...SHORT, '--lora', '2');
    expect(events(trained)[0]).toMatchObject({ event: 'start', parameters: 2 * (2 * 32 + 2 * 96) });
    expect(JSON.parse(String(await written('adapted/adapter/adapter_config.json')))).toMatchObject({
      peft_type: 'LORA',
      r: 2,
    });
    const card = JSON.parse(String(await written('adapted/card.json'))) as { command: string; architecture: string };
    expect(card.command).toContain('--from gpt2 --lora 2');
    expect(card.architecture).toBe('pretrained model with an adapter');
    const [answer] = events(await run('run', 'adapted', 'the old', '--length', '3', '--json'));
    expect(answer).toMatchObject({ input: 'the old', output: expect.any(String) as string });
    const judged = events(await run('eval', 'adapted', '--json')).at(-1);
    expect(judged).toMatchObject({ event: 'done', figures: { bitsPerCharacter: expect.any(Number) as number } });
    const other = await run('train', 'text', '--out', 'adapted', '--resume', '--lora', '3');
    expect([other.code, other.stderr]).toEqual([2, expect.stringContaining('was made with --lora 2')]);
  });
});

test('heed train labels --from trains a classifier on a body', async () => {
  const data = ['--data', 'mails.tsv', '--columns', '1,2'];
  const trained = await run(
    'train',
    'labels',
    '--from',
    join(VECTORS, 'bert'),
    ...data,
    '--steps',
    '40',
    '--learning-rate',
    '0.01',
    '--out',
    'labels',
    '--json',
  );
  expect(trained.code).toBe(0);
  const evaluation = events(trained).findLast(({ event }) => event === 'evaluation');
  expect(evaluation).toMatchObject({ figures: { accuracy: 1 } });
  const opened = await run('open', 'labels/pretrained', 'WIN CASH! the river', '--json');
  const result = events(opened).find(({ event }) => event === 'result') as { labels: { name: string }[] };
  expect(result.labels[0]!.name).toBe('spam');
});

describe('refused is', () => {
  test.each([
    [
      'a task of something else',
      ['train', 'pairs', '--from', join(VECTORS, 'gpt2'), '--data', 'mails.tsv'],
      2,
      'pairs is not learnt by a pretrained model',
    ],
    [
      'a model that writes nothing',
      ['train', 'text', '--from', join(VECTORS, 'bert'), '--data', 'story.txt'],
      1,
      'has no model that writes texts on',
    ],
    [
      'a family without a classifier',
      ['train', 'labels', '--from', join(VECTORS, 't5'), '--data', 'mails.tsv', '--columns', '1,2'],
      1,
      'has no classifier of texts',
    ],
    [
      'a folder that isn’t there',
      ['train', 'text', '--from', 'nowhere', '--data', 'story.txt'],
      1,
      'there is no such file or folder',
    ],
    [
      'an adapter of nothing',
      ['train', 'text', '--lora', '2', '--data', 'story.txt'],
      2,
      '--lora is of a pretrained model',
    ],
  ])('%s', async (_, args, code, message) => {
    const refused = await run(...args, '--out', 'refused');
    expect([refused.code, refused.stderr]).toEqual([code, expect.stringContaining(message)]);
    expect(await readdir(folder)).not.toContain('refused');
  });
});
