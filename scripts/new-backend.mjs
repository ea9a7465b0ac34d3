// `pnpm new:backend NAME`: makes packages/backend-NAME out of templates/backend, a package whose conformance suite runs at
// once, and adds it to the list of backends. `--dir WORKSPACE` makes it in another workspace than this one, where the list is
// Heed's or there is none.
import { access, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { listed } from './list-backend.mjs';
import { root } from './steps.mjs';

const TEMPLATE = join(root, 'templates', 'backend');
const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const LONGEST_NAME = 40;
// Names that a function of the template's module can't have.
const TAKEN = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends ' +
    'false finally for function if implements import in instanceof interface kernels let new null package private ' +
    'protected public return static super switch tf this throw true try typeof var void while with yield'
  ).split(' '),
);

try {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { dir: { type: 'string' } } });
  if (positionals.length !== 1) throw new Error('usage: pnpm new:backend NAME [--dir WORKSPACE]');
  await newBackend(positionals[0], resolve(values.dir ?? root));
} catch (error) {
  console.error(`new:backend: ${error.message}`);
  process.exitCode = 2;
}

async function newBackend(name, workspace) {
  checkName(name);
  const path = `packages/backend-${name}`;
  const folder = join(workspace, path);
  const exists = await access(folder).then(
    () => true,
    () => false,
  );
  if (exists) throw new Error(`${folder} exists already`);
  const config = join(workspace, 'tsconfig.json');
  const changed = [
    [config, withReference(await readFile(config, 'utf8'), path)],
    ...(await listed(workspace, name, factoryName(name))),
  ];
  const files = await filledTemplate(name);

  try {
    for (const [file, text] of files) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), text, { flag: 'wx' });
    }
    for (const [file, text] of changed) await writeFile(file, text);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  console.log(advice(name, path, files, changed.length > 1));
}

function checkName(name) {
  if (!NAME.test(name) || name.length > LONGEST_NAME) {
    throw new Error(
      `'${name}' can't be the name: lower-case words and digits joined by '-', such as 'webgpu' or 'my-gpu'`,
    );
  }
  if (TAKEN.has(factoryName(name))) throw new Error(`'${name}' can't be the name: it means something in JavaScript`);
}

/** Name of the factory of a backend: myGpu for 'my-gpu'. */
function factoryName(name) {
  return name.replaceAll(/-(.)/g, (_, letter) => letter.toUpperCase());
}

async function filledTemplate(name) {
  const fill = (text) => text.replaceAll('your-backend', name).replaceAll('yourBackend', factoryName(name));
  const entries = await readdir(TEMPLATE, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    files.toSorted().map(async (file) => [fill(relative(TEMPLATE, file)), fill(await readFile(file, 'utf8'))]),
  );
}

/** Text of the root tsconfig.json with one more reference, in alphabetical order among the packages. */
function withReference(text, path) {
  const paths = JSON.parse(text).references.map((reference) => reference.path);
  if (paths.includes(path)) return text;
  const next = paths.findIndex((other) => !other.startsWith('packages/') || other > path);
  const all = paths.toSpliced(next < 0 ? paths.length : next, 0, path);
  const list = all.map((other) => `    { "path": ${JSON.stringify(other)} }`).join(',\n');
  return text.replace(/"references": \[[^\]]*\]/, `"references": [\n${list}\n  ]`);
}

function advice(name, path, files, isListed) {
  return `Made ${path}, and a reference to it in tsconfig.json${isListed ? ', and an entry in the list of packages/backends' : ''}:
${files.map(([file]) => `  ${path}/${file}`).join('\n')}

Next
  1. pnpm install && pnpm build
  2. pnpm --filter @heed/backend-${name} test
     Every case passes, composed of the engine's ops; 'what is left to do' fails and says which kernel comes first.
  3. Choose the engine in src/${name}.ts, write an op's kernels in src/kernels.ts, declare what they take in TAKES, and
     test again. What isn't declared runs composed, and the suite says so.
  4. When it is worth publishing: take "private" out of package.json, ${
    isListed
      ? 'say what it is in packages/backends/src/facts.ts, and run\n     pnpm readme:table.'
      : 'and run pnpm readme:table.'
  }
The guide, with a whole backend on one screen: docs/guides/write-a-backend.md`;
}
