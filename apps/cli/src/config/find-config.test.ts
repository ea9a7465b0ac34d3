import { describe, expect, test } from 'vitest';
import { takeConfig } from './find-config.js';

describe('takeConfig', () => {
  test.each([
    [['tasks'], undefined, ['tasks']],
    [['--config', 'a', 'tasks'], 'a', ['tasks']],
    [['run', 'x', '--config=a', '--json'], 'a', ['run', 'x', '--json']],
    [['--config', 'a', 'tasks', '--config', 'b'], 'b', ['tasks']],
    [['tasks', '--config'], undefined, ['tasks', '--config']],
    [['run', 'x', '--', '--config', 'a'], undefined, ['run', 'x', '--', '--config', 'a']],
    [['run', 'x', '--config', '--', 'a'], undefined, ['run', 'x', '--config', '--', 'a']],
    [['run', 'x', '--configs', 'a'], undefined, ['run', 'x', '--configs', 'a']],
  ])('%j', (argv, named, rest) => {
    expect(takeConfig(argv)).toEqual({ ...(named !== undefined && { named }), rest });
  });
});
