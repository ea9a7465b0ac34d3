import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { run } from '../dist/commands/run.js';
import { events, heed, MAIN, temporaryFolder } from './heed.js';
import { recordingHost } from './recording-host.js';

const MAIL = `Subject: Lunch on Friday

Hi Tom,

shall we meet at noon? The new place near the station is good.

Anna
`;

const STORY = ['Mary went to the garden.', 'John took the ball.', 'John walked to the kitchen.', 'Where is the ball?'];

describe('what is piped in', () => {
  test('heed run spam < mail.txt gives one verdict, not one of "Anna"', async () => {
    const results = events(await heed(['run', 'spam', '--json'], { input: MAIL }));
    expect(results).toMatchObject([{ event: 'result', input: MAIL.trim(), output: 'ham' }]);
    const { code, stdout } = await heed(['run', 'spam', '--no-maps'], { input: MAIL });
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^Subject: Lunch on Friday … \(7 lines\) {2}ham {2}.* %\n/),
    });
  });

  test('a story over several lines is one story', async () => {
    const input = `${STORY.join('\n')}\n`;
    expect(events(await heed(['run', 'qa', '--json'], { input }))).toMatchObject([{ output: 'kitchen' }]);
  });

  test('a beginning to write on is read without the end of its last line', async () => {
    const args = ['run', 'generate', '--length', '10', '--no-maps', '--json'];
    const [piped] = events(await heed(args, { input: 'The state of the Union is\n' }));
    const [given] = events(await heed([...args, 'The state of the Union is']));
    expect(piped).toEqual(given);
  });

  test('--lines, --null and --json-lines tell several such inputs apart', async () => {
    const stories = [STORY, ['Mary went to the garden.', 'Mary went to the office.', 'Where is Mary?']];
    const json = stories.map((story) => `${JSON.stringify({ input: story.join('\n') })}\n`).join('');
    const ways: [string, string][] = [
      ['--lines', `${stories.map((story) => story.join(' ')).join('\n')}\n`],
      ['--null', stories.map((story) => `${story.join('\n')}\0`).join('')],
      ['--json-lines', json],
    ];
    for (const [flag, input] of ways) {
      const outcome = await heed(['run', 'qa', '--json', flag], { input });
      expect({ flag, code: outcome.code, answers: events(outcome).map(({ output }) => output) }).toEqual({
        flag,
        code: 0,
        answers: ['kitchen', 'office'],
      });
    }
  });

  test('what --json writes, --json-lines reads', async () => {
    const first = await heed(['run', 'g2p', 'cat', 'dog', '--json']);
    const again = await heed(['run', 'g2p', '--json-lines', '--json'], { input: first.stdout });
    expect(events(again)).toMatchObject(events(first));
  });

  test('bad lines are told with their numbers, and repeats are summed up', async () => {
    const words = ['cat', '7', '', 'dog', ...Array.from({ length: 50 }, (_, n) => String(n))];
    const { code, stdout, stderr } = await heed(['run', 'g2p', '--no-maps'], { input: words.join('\n') });
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: expect.stringMatching(/^cat {2}K AE T {2}.* %\ndog {2}D AO G {2}.* %\n$/),
    });
    expect(stderr.split('\n')).toEqual([
      expect.stringMatching(/^error INVALID_ARGUMENT: line 2: .*"7"/),
      expect.stringMatching(/^hint: /),
      expect.stringMatching(/^error INVALID_ARGUMENT: line 5: .*"0"/),
      expect.stringMatching(/^error INVALID_ARGUMENT: line 6: .*"1"/),
      'INVALID_ARGUMENT for the same reason: 48 more inputs, the last one line 54',
      '',
    ]);
    const errors = events(await heed(['run', 'g2p', '--json'], { input: 'cat\n7\n8\n9\n10\n11' })).slice(1);
    expect(errors.map(({ line }) => line)).toEqual([2, 3, 4, 5, 6]);
  });
});

describe('--file', () => {
  test('reads mails one a file, and words one a line', async () => {
    const folder = await temporaryFolder();
    const files = ['lunch.eml', 'prize.eml', 'words.txt'].map((name) => join(folder, name));
    await writeFile(files[0], MAIL);
    await writeFile(files[1], 'Subject: You have won!\r\n\r\nClick here to claim your free prize.\r\n');
    await writeFile(files[2], 'cat\n7\n');
    const mails = events(await heed(['run', 'spam', '--json', '--file', ...files.slice(0, 2)]));
    expect(mails).toMatchObject([
      { file: files[0], output: 'ham' },
      { file: files[1], output: 'spam' },
    ]);
    expect((await heed(['run', 'spam', '--no-maps', '--file', files[0]])).stdout).toContain(
      'lunch.eml: Subject: Lunch',
    );
    const { code, stderr } = await heed(['run', 'g2p', '--file', files[2]]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('words.txt, line 2: ') });
  });

  test('- is standard input, and a pipe of a shell is read', async () => {
    expect(events(await heed(['run', 'spam', '--json', '--file', '-'], { input: MAIL }))).toHaveLength(1);
    const shell = '"$0" "$1" run g2p --no-maps --file <(printf "cat\\ndog\\n")';
    const { stdout } = await promisify(execFile)('bash', ['-c', shell, process.execPath, MAIN]);
    expect(stdout).toMatch(/cat {2}K AE T {2}.* %\n.*dog {2}D AO G {2}.* %\n$/);
  });

  test('that isn’t there, or is empty, is one clear error', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'empty'), '\n');
    const missing = await heed(['run', 'g2p', '--file', 'nowhere.txt'], { cwd: folder });
    expect(missing).toMatchObject({ code: 1, stderr: expect.stringMatching(/^error FILE_ACCESS: .*"nowhere.txt"/) });
    const empty = await heed(['run', 'spam', '--file', 'empty'], { cwd: folder });
    expect(empty).toMatchObject({ code: 2, stderr: expect.stringContaining('no inputs: nothing is in "empty"') });
  });

  test('works for the sentence encoder', async () => {
    const outcome = await heed(['run', 'use', '--json', '--file', '-'], { input: 'the cat sat\na cat was sitting\n' });
    expect(events(outcome)).toMatchObject([{ line: 1 }, { line: 2 }, { event: 'similarities' }]);
  });
});

describe('on a terminal', () => {
  async function typed(task: string, texts: readonly string[]) {
    const notes: string[] = [];
    const host = recordingHost();
    const terminal = {
      ...host,
      stdinIsTerminal: true,
      output: { ...host.output, note: (text: string) => void notes.push(text) },
      async *texts() {
        for (const text of texts) yield [{ text }];
      },
    };
    const code = await run(terminal, task, [], { maps: false, seed: 1, queue: 'heed' });
    return { code, notes, answers: host.text };
  }

  test('heed run dates without an input asks for some, with an example', async () => {
    const { code, notes, answers } = await typed('dates', ['3. Mai 2024', '', 'en: 31 February 2024']);
    expect(notes[0]).toContain('Mittwoch, 3. April 2024');
    expect(answers).toEqual(['3. Mai 2024  2024-05-03  over 99 %']);
    expect(code).toBe(0);
  });

  test('heed run use asks, too', async () => {
    const { answers } = await typed('use', ['the cat sat', 'a cat was sitting']);
    expect(answers).toHaveLength(3);
  });

  test('--interactive takes a mail up to a line with a full stop', async () => {
    const { code, stdout } = await heed(['run', 'spam', '--interactive', '--no-maps'], {
      input: `${MAIL}.\nSubject: prize\n\nfree money, click here!\n`,
    });
    expect(code).toBe(0);
    expect(stdout.match(/^Subject: .*/gm)).toEqual([
      expect.stringMatching(/Lunch.* ham {2}.* %$/),
      expect.stringMatching(/prize.* spam {2}.* %$/),
    ]);
  });
});
