import type { Jobs } from '../engine/jobs.js';
import type { Args, JobName, Result } from '../engine/protocol.js';
import { KEEPER } from '../offline/first-visit.js';
import { keepWhatIsLoaded } from '../offline/kept-files.js';
import { breathe } from './breathe.js';
import { serve, type Context } from './serve.js';

// Modules that a job needs are loaded at its first call, so that a page waits only for this file.

if (self.name === KEEPER) keepWhatIsLoaded(new URL('./', self.location.href).href);

type Handler<J extends JobName> = (args: Args<J>, context: Context<J>) => Promise<Result<J>>;

/** Handler of a job that first selects the backend which the job names. */
function on<J extends JobName>(job: Handler<J>): Handler<J> {
  return async (args, context) => {
    const { useBackend } = await import('./session.js');
    await useBackend(args.backend);
    return job(args, context);
  };
}

/** Handler of a job that begins while its backend is selected, and waits for that only where it computes. */
function beside<J extends JobName>(
  job: (args: Args<J>, context: Context<J>, selected: Promise<unknown>) => Promise<Result<J>>,
): Handler<J> {
  return async (args, context) => {
    const selected = import('./session.js').then(({ useBackend }) => useBackend(args.backend));
    selected.catch(() => undefined); // the job may have failed before it waits
    try {
      return await job(args, context, selected);
    } finally {
      await selected.catch(() => undefined); // the next job has an engine to itself
    }
  };
}

serve<Jobs>(
  {
    status: async ({ backend }) => (await import('./session.js')).statusOf(backend),
    attend: on<'attend'>(async ({ setup }, { signal }) => {
      const { attend } = await import('./attend.js');
      const needsWords = setup.queryVectors === 'words' || setup.memoryVectors === 'words';
      return attend(setup, needsWords ? await (await import('./words.js')).loadWords(signal) : undefined);
    }),
    watch: on<'watch'>(async ({ setup }, { report, signal }) => {
      const { watch } = await import('./watch.js');
      return watch(setup, async (step) => {
        report(step);
        await breathe();
        return !signal.aborted;
      });
    }),
    load: on<'load'>(async ({ files }) => (await import('./model.js')).load(files)),
    beam: on<'beam'>(async (asked) => (await import('./model.js')).beam(asked)),
    answer: beside<'answer'>(async (asked, { report, signal }, selected) =>
      (await import('./answer.js')).answer(asked, selected, (share) => report({ share }), signal),
    ),
    trace: beside<'trace'>(async (asked, { report, signal }, selected) =>
      (await import('./trace.js')).trace(asked, selected, (share) => report({ share }), signal),
    ),
    caption: beside<'caption'>(async ({ setup }, { report, signal }, selected) =>
      (await import('./captions/write-captions.js')).writeCaptions(setup, selected, report, signal),
    ),
    guessData: async ({ files }) => (await import('./own-data.js')).guessData(files),
    readData: on<'readData'>(async (asked, { report }) =>
      (await import('./own-data.js')).readData(asked, (share) => report({ share })),
    ),
    timeTraining: on<'timeTraining'>(async (asked) => (await import('./train.js')).timeTraining(asked)),
    prepareTraining: on<'prepareTraining'>(async (asked, { report }) =>
      (await import('./train.js')).prepareTraining(asked, (share) => report({ share })),
    ),
    train: on<'train'>(async (settings, { signal, report }) =>
      (await import('./train.js')).train(settings, signal, report),
    ),
    learnToy: on<'learnToy'>(async (asked, { signal, report }) =>
      (await import('./toy/learn-toy.js')).learnToy(asked, signal, report),
    ),
    runFiles: async () => (await import('./train.js')).runFiles(),
    openKeras: on<'openKeras'>(async ({ files }) => (await import('./keras.js')).openKeras(files)),
    runKeras: on<'runKeras'>(async ({ inputs }) => (await import('./keras.js')).runKeras(inputs)),
    openPretrained: on<'openPretrained'>(async ({ files }) =>
      (await import('./pretrained/model.js')).openPretrained(files),
    ),
    runPretrained: on<'runPretrained'>(async ({ input }) => (await import('./pretrained/run.js')).runPretrained(input)),
    pretrainedMap: async ({ run, place }) => (await import('./pretrained/run.js')).pretrainedMap(run, place),
    compare: async ({ setup }, { report, signal }) => (await import('./compare.js')).compare(setup, report, signal),
    conform: async ({ backend, groups }, { report, signal }) => {
      const { factoryOf, leaveBackend } = await import('./session.js');
      const { conform } = await import('./conform.js');
      const { loadGradients } = await import('./load-gradients.js');
      await Promise.all([leaveBackend(), loadGradients()]);
      return conform(await factoryOf(backend), groups, report, signal);
    },
  },
  // A stopped training is paused, and has a result.
  new Set(['train']),
);
