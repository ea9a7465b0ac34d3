import { loadGradients } from '../gradients.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import type { Host } from '../host.js';
import { checkFolder } from '../keras/check-folder.js';
import { describe } from '../keras/describe.js';
import { openModel } from '../keras/open-model.js';
import { runModel } from '../keras/run-model.js';
import { UsageError } from '../usage-error.js';
import type { KerasFlags } from './keras-command.js';

export async function keras(host: Host, path: string, flags: KerasFlags): Promise<ExitCode> {
  const runs = flags.input !== undefined;
  const folderCheck = flags.check === true;
  for (const [name, given] of Object.entries({
    '--out': flags.out,
    '--maps': flags.maps,
    '--maps-out': flags.mapsOut,
  })) {
    if (given !== undefined && !runs) throw new UsageError(`${name} is for a model that runs`, 'give it --input FILE');
  }
  if (folderCheck && runs)
    throw new UsageError(
      '--check alone holds a folder to its numbers',
      'say --check FILE to compare the outputs of --input',
    );
  if (typeof flags.check === 'string' && !runs)
    throw new UsageError(
      '--check FILE compares outputs',
      'give --input FILE too, or say --check after the name of a folder with its own numbers',
    );
  await loadGradients();
  const backend = await host.backends.use(flags);
  try {
    if (folderCheck) return await checkFolder(host, path, flags, backend.name);
    const model = await openModel(host, path, flags);
    try {
      if (runs) return await runModel(host, model, flags, backend.name);
      describe(host.output, path, model);
      return EXIT.ok;
    } finally {
      model.dispose();
    }
  } finally {
    await backend.dispose();
  }
}
