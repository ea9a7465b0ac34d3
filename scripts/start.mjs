// `npm start`: from a fresh clone to a trained model and its attention maps, through the same commands that users type.
import { installAndBuild, leaveInterruptsToSteps, root, step } from './steps.mjs';

const RUN = 'runs/start';
const heed = (title, line) =>
  step(`${title}\n  $ heed ${line}`, process.execPath, ['apps/cli/dist/main.js', ...line.split(' ')], { cwd: root });

leaveInterruptsToSteps();
await installAndBuild();
await heed(
  'Training a small model on real words, for about a minute and at most two',
  `train g2p --preset small --max-time 110s --out ${RUN} --overwrite`,
);
await heed('Error rates on words it never saw', `eval ${RUN} --limit 1000`);
await heed('Five of those words, with their attention maps', `run ${RUN} --sample 5`);
process.stderr.write(`\nTry your own: npx --yes pnpm@12.21.0 --silent heed run ${RUN} attention\n`);
