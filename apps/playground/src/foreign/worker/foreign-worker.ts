import '@tensorflow/tfjs-core/dist/register_all_gradients.js'; // which those of mechanisms are made of
import { serve } from '../../worker/serve.js';
import { conform } from '../../worker/conform.js';
import type { ForeignJobs } from '../jobs.js';
import { inspect } from './inspect.js';
import { loadModule, withPlainErrors } from './load-module.js';

// Worker of the sandbox. It becomes one file, so it imports nothing dynamically.

serve<ForeignJobs>(
  {
    inspect: ({ module }) => withPlainErrors(async () => JSON.stringify(await inspect(await loadModule(module.text)))),
    conform: ({ module, groups }, { report, signal }) =>
      withPlainErrors(async () => JSON.stringify(await conform(await loadModule(module.text), groups, report, signal))),
  },
  new Set(),
);
