import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { HEED_COMMAND } from '../heed-command.js';
import { openSessions, type Sessions } from './sessions.js';

/** An answer, as far as it can be compared. */
export interface Answered {
  readonly output: string;
  readonly evidence?: { readonly probability: number };
}

/** The program that `heed export` writes for a model, in onnxruntime-web. */
export interface Program {
  answer(text: string): Promise<Answered>;
  dispose(): Promise<void>;
}

type Answer = (text: string, run: Sessions['run']) => Promise<Answered>;

/** @param parts names of the model's parts */
export async function openProgram(model: string, parts: readonly string[]): Promise<Program> {
  const folder = await mkdtemp(join(tmpdir(), 'heed-export-'));
  try {
    await promisify(execFile)(process.execPath, [HEED_COMMAND, 'export', model, '--out', folder, '--overwrite']);
    const { answer } = (await import(pathToFileURL(join(folder, 'run.mjs')).href)) as { readonly answer: Answer };
    const files = parts.map(async (part) => [part, await readFile(join(folder, `${part}.onnx`))] as const);
    const { run, dispose } = await openSessions(Object.fromEntries(await Promise.all(files)));
    return { answer: (text) => answer(text, run), dispose };
  } finally {
    // Everything has been read.
    await rm(folder, { recursive: true });
  }
}
