// What an entry does after each word with which its second leg may be refused.
import { describe, expect, test } from 'vitest';
import { deniesPosition, holdsAtAnyPrice, REJECT_CODES } from '../../src/domain/index.ts';
import { Story } from './story.ts';

const AT_ANY_PRICE = [
  'venue.unknown-instrument',
  'venue.entries-refused',
  'venue.not-trading',
  'venue.open-orders-max',
  'venue.insufficient-margin',
];

function missedFor(code: string): Story {
  const story = Story.opening();
  story.fillWhole('a');
  story.reject('b', code);
  return story;
}

describe('a leg of an entry is refused', () => {
  test.each(Object.keys(REJECT_CODES))('with %s', (code) => {
    const isChased = !AT_ANY_PRICE.includes(code);
    expect(missedFor(code).ladder).toMatch(isChased ? /→ CHASING/ : /→ PANIC/);
    expect(holdsAtAnyPrice(code)).toBe(!isChased);
    expect(deniesPosition(code)).toBe(code === 'venue.reduce-only');
  });

  test.each(['venue.price-band', 'venue.toString', 'toString', ''])(
    'with %o, a word that nobody knows: a better price may be what it wants',
    (code) => {
      expect(missedFor(code).ladder).toMatch(/→ CHASING/);
      expect(deniesPosition(code)).toBe(false);
    },
  );
});
