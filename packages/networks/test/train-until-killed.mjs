// Trains in the folder of the first argument, saving after every step, and says so on standard output, until it is killed.
import '@tensorflow/tfjs';
import { cpu } from '@heed/backend-cpu';
import { selectBackend } from '@heed/core';
import { NETWORKS } from '@heed/networks';
import { resumeRun } from '@heed/nn/node';

await selectBackend(cpu());
const [folder, examples] = process.argv.slice(2);
const run = await resumeRun(folder, { networks: NETWORKS, dataVersion: 'words@1', examples: JSON.parse(examples) });
await run.train({ saveEverySeconds: 0, onSaved: ({ step }) => process.stdout.write(`${step}\n`) });
