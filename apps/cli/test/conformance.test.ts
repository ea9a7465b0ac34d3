import { describe, expect, test } from 'vitest';
import { events, heed } from './heed.js';

describe('conformance', () => {
  test.each(['cpu', 'composed'])('%s: an event for each case of a group, then the totals', async (backend) => {
    const outcome = await heed(['conformance', '--backend', backend, '--group', 'masks', '--json']);
    const list = events(outcome);
    const cases = list.slice(0, -1);
    expect(cases.length).toBeGreaterThan(10);
    for (const one of cases) expect(one).toMatchObject({ event: 'case', group: 'masks', status: 'passed' });
    expect(list.at(-1)).toMatchObject({ event: 'done', passed: cases.length, failed: 0, backend });
    expect(outcome.stdout).toContain(`{"event":"done","passed":${cases.length},"failed":0,`);
    expect(outcome.code).toBe(0);
  });

  test('one case by its id, and a line for people', async () => {
    const [first] = events(await heed(['conformance', '--group', 'masks', '--json']));
    const { code, stdout } = await heed(['conformance', '--case', first!['id'] as string]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^cpu: 1 passed · /) });
  });

  test('a reader that goes away ends it quietly', async () => {
    const { code, stderr } = await heed(['conformance', '--group', 'masks', '--json'], {
      onOutput: (child) => child.stdout!.destroy(),
    });
    expect(code).toBe(0);
    expect(stderr).not.toMatch(/error/i);
  });
});
