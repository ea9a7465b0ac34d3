import { loadPretrained } from '@heed/hugging-face';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { loadGradients } from '../gradients.js';
import type { Host } from '../host.js';
import { checkModel } from '../open/check-model.js';
import { describe } from '../open/describe.js';
import { filesOf } from '../open/files.js';
import { readText } from '../open/read-text.js';
import { UsageError } from '../usage-error.js';
import type { OpenFlags } from './open-command.js';

export async function open(host: Host, folder: string, text: string | undefined, flags: OpenFlags): Promise<ExitCode> {
  if (flags.check === true && text !== undefined)
    throw new UsageError('--check takes no text', 'leave one of them out');
  if (text === undefined) {
    for (const name of ['pair', 'layer', 'head', 'part', 'rollout', 'out'] as const)
      if (flags[name] !== undefined) throw new UsageError(`--${name} is for a text`, 'give a text after the folder');
  }
  if (flags.rollout === true && flags.head !== undefined)
    throw new UsageError('--rollout is of all heads', 'leave out --head, or --rollout');
  await loadGradients();
  const backend = await host.backends.use(flags);
  try {
    if (flags.check === true) return await checkModel(host, folder, flags, backend.name);
    const model = await loadPretrained(await filesOf(host, folder));
    try {
      if (text === undefined) describe(host.output, folder, model);
      else await readText(host, model, text, flags);
      return EXIT.ok;
    } finally {
      model.dispose();
    }
  } finally {
    await backend.dispose();
  }
}
