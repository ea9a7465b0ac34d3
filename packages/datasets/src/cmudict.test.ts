import { describe, expect, it } from 'vitest';
import { clean } from './cmudict.js';

describe('clean', () => {
  const dictionary = {
    tomato: 'T AH0 M EY1 T OW2',
    'tomato(2)': 'T AH0 M AA1 T OW2',
    aalborg: 'AO1 L B AO0 R G # place, danish',
    'a.m.': 'EY2 EH1 M',
    "'bout": 'B AW1 T',
    record: 'R AH0 K AO1 R D',
    'record(2)': 'R EH1 K ER0 D',
    'record(3)': 'R IH0 K AO1 R D',
    object: 'AA1 B JH EH0 K T',
    'object(2)': 'AA0 B JH EH1 K T',
    '!exclamation-point': 'EH2 K S K L AH0 M EY1 SH AH0 N P OY2 N T',
    '%percent': 'P ER0 S EH1 N T',
    a42128: 'EY1 F AO1 R T UW1 W AH1 N T UW1 EY1 T',
    '--': 'D AE1 SH',
    silent: ' # nothing',
  };
  const words = (stress: boolean) =>
    Object.fromEntries(
      clean(dictionary, { stress }).map(({ word, pronunciations }) => [word, pronunciations.map((p) => p.join(' '))]),
    );

  it('groups variants, drops stress, comments and what is no word', () => {
    expect(words(false)).toEqual({
      tomato: ['T AH M EY T OW', 'T AH M AA T OW'],
      aalborg: ['AO L B AO R G'],
      'a.m.': ['EY EH M'],
      "'bout": ['B AW T'],
      record: ['R AH K AO R D', 'R EH K ER D', 'R IH K AO R D'],
      object: ['AA B JH EH K T'], // without stress, both variants are the same
    });
  });

  it('keeps stress when asked', () => {
    expect(words(true)['object']).toEqual(['AA1 B JH EH0 K T', 'AA0 B JH EH1 K T']);
  });

  it('keeps a word whose name objects have', () => {
    expect(clean({ constructor: 'K AH0 N S T R AH1 K T ER0' }, { stress: false })).toHaveLength(1);
  });
});
