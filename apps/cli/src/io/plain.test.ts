import { expect, test } from 'vitest';
import { glance, plain } from './plain.js';

test.each([
  ['free \u001b[31mmoney\u001b]0;title\u0007 now', 'free [31mmoney]0;title now'],
  ['one\r\ntwo\rthree\nfour', 'one\ntwo\nthree\nfour'],
  ['\u009b2J cleared,\u0000 and a\ttab', '2J cleared, and a tab'],
  ['naïve 打开 😀', 'naïve 打开 😀'],
])('%j is printed as %j', (text, printed) => {
  expect(plain(text)).toBe(printed);
});

test.each([
  ['one line', 'one line'],
  ['\n\nSubject: Lunch \n\nAt noon?\n', 'Subject: Lunch … (6 lines)'],
  ['', ''],
])('%j as a title is %j', (text, title) => {
  expect(glance(text)).toBe(title);
});
