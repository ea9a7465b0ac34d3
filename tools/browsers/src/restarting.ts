import type { Session, Tab } from './tab.js';

/** Milliseconds for a page to load: it may stand beside other work that keeps the machine busy. */
const PATIENCE = 100_000;

/**
 * A tab whose browser is started again when a navigation never ends: seen once in Firefox and once in WebKit, where the next one didn't end
 * either. What is tested is the page, and it begins anew.
 */
export async function openRestarting(start: () => Promise<Session>): Promise<Tab> {
  let session = await start();
  return {
    async open(url) {
      if (await endsInTime(session.open(url))) return;
      console.error(`a browser didn't open ${url} in ${PATIENCE / 1000} s; starting it again`);
      session.kill();
      session = await start();
      await session.open(url);
    },
    run: (task, ...args) => session.run(task, ...args),
    click: (element) => session.click(element),
    type: (field, text) => session.type(field, text),
    close: () => session.close(),
  };
}

/** Whether something ended in time. What fails after that fails because the browser was killed. */
async function endsInTime(work: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, PATIENCE, false);
  });
  try {
    return await Promise.race([work.then(() => true), tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
