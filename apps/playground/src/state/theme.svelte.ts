import { keep, recall } from './keep.js';

const KEY = 'heed-theme';
const system = matchMedia('(prefers-color-scheme: dark)');

const saved = recall(KEY);
let chosen: 'light' | 'dark' | undefined = $state(saved === 'light' || saved === 'dark' ? saved : undefined);
let systemDark = $state(system.matches);
system.addEventListener('change', ({ matches }) => (systemDark = matches));

function apply(): void {
  if (chosen === undefined) delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = chosen;
}
apply();

/** Theme of the page: the system's, until the reader chooses one. */
export const theme = {
  get isDark(): boolean {
    return chosen === undefined ? systemDark : chosen === 'dark';
  },
  toggle(): void {
    chosen = theme.isDark ? 'light' : 'dark';
    keep(KEY, chosen);
    apply();
  },
};
