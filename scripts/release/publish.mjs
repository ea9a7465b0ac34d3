// `pnpm release`: publishes what `changeset version` has given its versions. `pnpm release:dry` goes the same way with the versions of pending
// changesets, and publishes nothing.
import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { packedPackages } from '../pack.mjs';
import { installAndBuild, pnpm, root, step } from '../steps.mjs';
import { publishing, reasonsNotToPublish } from './publishing.mjs';

const { values } = parseArgs({ options: { dry: { type: 'boolean', default: false } } });
const reasons = [...reasonsNotToPublish(publishing()), ...(await pendingReasons())];
if (reasons.length > 0) {
  console.error(
    `${values.dry ? 'A release would stop here' : 'Nothing is published'}:\n${reasons.map((reason) => `  ${reason}\n`).join('')}`,
  );
  if (!values.dry) process.exit(1);
}

await installAndBuild();
const packed = await packedPackages();
await pnpm('Checking the packages', 'run', 'check:packages');
await pnpm('Installing them as their users do, and in the examples', 'run', 'test:consumer');
for (const { manifest, tarball } of packed) console.log(`${manifest.name}@${manifest.version}  ${tarball}`);
if (!values.dry) await publish();

/** A release has no pending changesets: they have become its versions and changelogs. */
async function pendingReasons() {
  const pending = (await readdir(join(root, '.changeset'))).filter((name) => name.endsWith('.md'));
  return pending.length === 0 ? [] : [`${pending.length} changesets are pending: pnpm changeset version, and commit`];
}

/** Publishes those that the registry doesn't have, dependencies first or not: npm installs none of them before all are there. */
async function publish() {
  for (const { manifest, tarball } of packed) {
    const known = await isPublished(manifest);
    if (known) console.log(`${manifest.name}@${manifest.version} is published already`);
    else
      await step(`Publishing ${basename(tarball)}`, 'npm', ['publish', tarball, '--access', 'public', '--provenance']);
  }
  await pnpm('Tagging', 'exec', 'changeset', 'tag');
}

async function isPublished({ name, version }) {
  try {
    const { stdout } = await promisify(execFile)('npm', ['view', `${name}@${version}`, 'version', '--json']);
    return stdout.trim() !== '';
  } catch (error) {
    if (String(error.stdout).includes('E404')) return false; // no version of it yet
    throw error;
  }
}
