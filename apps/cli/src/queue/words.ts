/** What people are told when the queue can't be reached any more, and when it can again. */
export const awayInWords = (isAway: boolean): string =>
  isAway ? 'Redis is away; waiting until it is back' : 'Redis is back';
