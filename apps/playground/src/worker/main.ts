import type { Args, JobName, Result } from '../engine/protocol.js';
import { answer } from './answer.js';
import { attend } from './attend.js';
import { breathe } from './breathe.js';
import { compare } from './compare.js';
import { conform } from './conform.js';
import { beam, load, loadedModel } from './model.js';
import { serve, type Context } from './serve.js';
import { statusOf, useBackend } from './session.js';
import { symbolsOf } from './symbols.js';
import { prepareTraining, runFiles, train } from './train.js';
import { watch } from './watch.js';

type Handler<J extends JobName> = (args: Args<J>, context: Context<J>) => Promise<Result<J>>;

/** A job on the backend that it names. */
function on<J extends JobName>(job: Handler<J>): Handler<J> {
  return async (args, context) => {
    await useBackend(args.backend);
    return job(args, context);
  };
}

serve(
  {
    status: ({ backend }) => statusOf(backend),
    attend: on<'attend'>(({ problem }) => attend(problem)),
    watch: on<'watch'>(({ problem }, { report, signal }) =>
      watch(problem, async (step) => {
        report(step);
        await breathe();
        return !signal.aborted;
      }),
    ),
    load: on<'load'>(({ files }) => load(files)),
    beam: on<'beam'>(({ word, width, penalty }) => beam(symbolsOf(word, loadedModel().config), width, penalty)),
    answer: on<'answer'>((problem, { report, signal }) => answer(problem, (share) => report({ share }), signal)),
    prepareTraining: on<'prepareTraining'>(({ settings }) => prepareTraining(settings)),
    train: on<'train'>(({ word, every }, { signal, report }) => train(word, every, signal, report)),
    runFiles: () => Promise.resolve(runFiles()),
    compare: ({ problem }, { report, signal }) => compare(problem, report, signal),
    conform: ({ backend, groups }, { report, signal }) => conform(backend, groups, report, signal),
  },
  // Training is paused, and what it has is its result.
  new Set(['train']),
);
