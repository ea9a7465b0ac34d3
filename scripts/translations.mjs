// `pnpm translations`: says which pages that learners read aren't there in Chinese, and which have changed since they were translated.
// `pnpm translations PAGE…`: says that the translations of these pages are up to date, or that they have none yet.
import { lock, pages, problems, readLock } from './translations/lock.mjs';

const taken = process.argv.slice(2);
const unknown = taken.find((page) => !pages().includes(page));
if (unknown !== undefined) {
  console.error(`there is no page '${unknown}'; there are ${pages().join(', ')}`);
  process.exit(2);
}
if (taken.length > 0) lock(taken);
const missing = Object.entries(readLock()).filter(([, hash]) => hash === null);
for (const [page] of missing) console.log(`in English alone: ${page}`);
for (const problem of problems()) console.error(problem);
if (problems().length > 0) process.exitCode = 1;
