import { readFile } from 'node:fs/promises';
import * as all from '@heed/tasks/readings';
import type { Reading } from '@heed/tasks/readings';

const READINGS = new Map<string, Reading>(Object.entries(all));

/** Undefined for a task that somebody brought. */
export const readingOf = (task: string): Reading | undefined => READINGS.get(task);

/** The program that answers texts with a model's ONNX files, and the modules beside it. */
export async function programFor(task: string, { kind }: Reading): Promise<Readonly<Record<string, string>>> {
  return {
    'run.mjs': await textOf(`templates/export/answer-${kind}.mjs`),
    'parts.mjs': await textOf('templates/export/parts.mjs'),
    'text.mjs': await textOf(`dist/readings/${task}.mjs`),
  };
}

const textOf = (path: string): Promise<string> => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');
