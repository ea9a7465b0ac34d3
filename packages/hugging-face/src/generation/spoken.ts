import { HeedError } from '@heed/base';
import { isObject, type Json } from '../files/pretrained-files.js';

/** What is said in a sound, and what is wanted of it. */
export interface SpokenOptions {
  /** Language of what is said, as 'en', of models that hear several. */
  readonly language?: string;
  /** 'transcribe', by default, or 'translate' to English. */
  readonly task?: string;
}

/**
 * What Whisper's decoder starts with: the start, the language, the task, and that no times are wanted.
 *
 * @param file `generation_config.json`
 * @throws HeedError INVALID_ARGUMENT for a language or a task that the file hasn't
 */
export function spokenPrompt(file: Json, { language, task = 'transcribe' }: SpokenOptions): readonly number[] {
  const ofLanguage =
    language === undefined ? [] : [idIn(file, 'lang_to_id', `<|${language}|>`), idIn(file, 'task_to_id', task)];
  return [file.decoder_start_token_id, ...ofLanguage, file.no_timestamps_token_id].filter(
    (id) => typeof id === 'number',
  );
}

function idIn(file: Json, field: string, name: string): number {
  const table = isObject(file[field]) ? file[field] : {};
  const id = Object.hasOwn(table, name) ? table[name] : undefined;
  if (typeof id === 'number') return id;
  throw new HeedError('INVALID_ARGUMENT', {
    message: `generate: the model has no ${name}`,
    hint: `there are ${Object.keys(table).join(', ') || 'none'}`,
  });
}
