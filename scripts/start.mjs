// `npm start`: takes a fresh clone to running models: it runs shipped models and then trains a small one, with the commands that
// users type.
import { installAndBuild, leaveInterruptsToSteps, root, step } from './steps.mjs';

const RUN = 'runs/start';
const heed = (title, ...args) =>
  step(
    `${title}\n  $ heed ${args.map((arg) => (/[^\w./-]/.test(arg) ? `'${arg}'` : arg)).join(' ')}\n`,
    process.execPath,
    ['apps/cli/dist/main.js', ...args],
    { cwd: root },
  );

leaveInterruptsToSteps();
await installAndBuild('@heed/cli');
await heed(
  'How a word is said, and which letters each sound came from. The sounds are written in ARPAbet:\n' +
    '  AH as in hut, EH as in bed, SH as in she',
  'run',
  'g2p',
  'attending',
);
await heed(
  'A phrase in French, German and Chinese',
  'run',
  'translate',
  'fr: Open Folder',
  'de: Open Folder',
  'zh: Open Folder',
);
await heed('A date, read', 'run', 'dates', 'de: 3. März 2024');
await heed(
  'Training a small model to say words, for about a minute',
  ...`train g2p --preset small --max-time 60s --out ${RUN} --overwrite`.split(' '),
);
await heed('How good it is, on words that it never saw', 'eval', RUN, '--limit', '500');
await heed('The model that comes with Heed, which learnt for an hour', 'eval', 'g2p', '--limit', '500');
await heed('Four of those words; ✗ comes before what the dictionary says', 'run', 'g2p', '--sample', '4');
process.stderr.write(`
▸ What to try next, with heed for: npx --yes pnpm@12.21.0 --silent heed
  $ heed run g2p banana                                     # words of your own
  $ heed run use 'the cat sat' 'a cat was sitting'          # how alike sentences are
  $ heed tasks                                              # all models, and what they were trained on
  $ heed train g2p --out ${RUN} --resume                # go on with the small model
  $ npx --yes pnpm@12.21.0 playground                       # the same and more in a page, http://localhost:4173
`);
