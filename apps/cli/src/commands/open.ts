import { EXIT, type ExitCode } from '../exit-codes.js';
import { loadGradients } from '../gradients.js';
import type { Host } from '../host.js';
import { checkModel } from '../open/check-model.js';
import { describe } from '../open/describe.js';
import { loadFolder } from '../open/load-folder.js';
import { read } from '../open/read.js';
import { UsageError } from '../usage-error.js';
import type { OpenFlags } from './open-command.js';

export async function open(host: Host, folder: string, inputs: readonly string[], flags: OpenFlags): Promise<ExitCode> {
  if (flags.check === true && inputs.length > 0) throw new UsageError('--check takes no text', 'leave one of them out');
  if (inputs.length === 0) {
    for (const name of ['pair', 'layer', 'head', 'part', 'rollout', 'out'] as const)
      if (flags[name] !== undefined)
        throw new UsageError(`--${name} is for a text, picture or sound`, 'give one after the folder');
  }
  if (flags.rollout === true && flags.head !== undefined)
    throw new UsageError('--rollout is of all heads', 'leave out --head, or --rollout');
  await loadGradients();
  const backend = await host.backends.use(flags);
  try {
    if (flags.check === true) return await checkModel(host, folder, flags, backend.name);
    const model = await loadFolder(host, folder);
    try {
      if (inputs.length === 0) describe(host.output, folder, model);
      else await read(host, model, inputs, flags);
      return EXIT.ok;
    } finally {
      model.dispose();
    }
  } finally {
    await backend.dispose();
  }
}
