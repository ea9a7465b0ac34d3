// `npm start`: from a fresh clone to shipped models at work, then a small one in training, through the same commands that users type.
import { installAndBuild, leaveInterruptsToSteps, root, step } from './steps.mjs';

const RUN = 'runs/start';
const heed = (title, ...args) =>
  step(
    `${title}\n  $ heed ${args.map((arg) => (/[^\w./-]/.test(arg) ? `'${arg}'` : arg)).join(' ')}`,
    process.execPath,
    ['apps/cli/dist/main.js', ...args],
    { cwd: root },
  );

leaveInterruptsToSteps();
await installAndBuild();
await heed(
  'How a word is said, by a model that comes with Heed, and which letters each sound came from',
  'run',
  'g2p',
  'attention',
);
await heed(
  'A phrase in French, German and Chinese',
  'run',
  'translate',
  'fr: Open File',
  'de: Open File',
  'zh: Open File',
);
await heed('A date, read', 'run', 'dates', 'de: 3. März 2024');
await heed('What there is besides', 'tasks');
await heed(
  'Training a small model on real words, for about a minute',
  ...`train g2p --preset small --max-time 60s --out ${RUN} --overwrite`.split(' '),
);
await heed('Error rates on words it never saw', 'eval', RUN, '--limit', '1000');
await heed('Three of those words, with their attention maps', 'run', RUN, '--sample', '3');
process.stderr.write(`\nTry your own: npx --yes pnpm@12.21.0 --silent heed run ${RUN} attention\n`);
