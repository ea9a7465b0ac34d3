import type { WriteStream } from 'node:tty';
import { Ansis } from 'ansis';

/** 0 none, 1 sixteen colours, 2 256 colours, 3 truecolour: the levels of ansis. */
export type ColorLevel = 0 | 1 | 2 | 3;

/**
 * What a stream can show: FORCE_COLOR decides, then NO_COLOR, then whether it is a terminal and which.
 *
 * @see https://no-color.org, https://force-color.org
 */
export function colorLevel(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv = process.env): ColorLevel {
  const force = env['FORCE_COLOR'];
  if (force === '0' || force === 'false') return 0;
  if (force !== undefined) return force === '3' ? 3 : force === '2' ? 2 : 1;
  if ((env['NO_COLOR'] ?? '') !== '' || !stream.isTTY) return 0;
  const depth = (stream as WriteStream).getColorDepth(env);
  return depth >= 24 ? 3 : depth >= 8 ? 2 : depth >= 4 ? 1 : 0;
}

export const painter = (stream: NodeJS.WriteStream): Ansis => new Ansis(colorLevel(stream));
