// The way in, rung by rung: what a trade does of its entry orders, and where each ends.
import { describe, expect, test } from 'vitest';
import { Story } from './story.ts';

describe('a trade opens', () => {
  test('and lives its normal life', () => {
    const story = Story.opening();
    story.accept('a');
    story.fillWhole('a');
    story.fillWhole('b');
    story.signalExit();
    story.quote('a', ['10020', '10021']);
    story.quote('b', ['10030', '10031']);
    story.fillWhole('b');
    story.fillWhole('a');
    expect(story.ladder).toMatchInlineSnapshot(`
      "
      -                opportunity.found  → IDLE → OPENING.sent  timer entry 1200 · a buy 1 @10010
                                            b sell 1 @10040
      OPENING.sent     a filled 1         → OPENING.filling  timer orphan 400
      OPENING.filling  b filled 1         → OPEN  timer hold 28799985
      OPEN             exit.signalled     → CLOSING.quoting  timer exit 5000 · ask a · ask b
      CLOSING.quoting  quote a            → CLOSING.quoting
      CLOSING.quoting  quote b            → CLOSING.leaving  timer exit 5000
                                            a close sell 1 @10010 · b close buy 1 @10041
      CLOSING.leaving  b filled 1         → CLOSING.uneven  timer orphan 450
      CLOSING.uneven   a filled 1         → CLOSED  timer late 30000
      "
    `);
    expect([story.position('a'), story.position('b')]).toEqual(['0', '0']);
    expect(story.alerts).toEqual([]);
  });

  test('whole after a partial fill and a chase', () => {
    const story = Story.opening();
    story.fillWhole('a');
    story.fill('b', '0.4');
    story.end('b', 'cancelled', '0.4');
    story.quote('b', ['10032', '10034']);
    story.fillWhole('b');
    expect(story.ladder).toMatchInlineSnapshot(`
      "
      -                opportunity.found  → IDLE → OPENING.sent  timer entry 1200 · a buy 1 @10010
                                            b sell 1 @10040
      OPENING.sent     a filled 1         → OPENING.filling  timer orphan 400
      OPENING.filling  b filled 0.4       → OPENING.filling
      OPENING.filling  b cancelled 0.4    → PARTIAL → CHASING  timer orphan 398 · ask b
      CHASING          quote b            → CHASING  b sell 0.6 @10027
      CHASING          b filled 0.6       → OPEN  timer hold 28799983
      "
    `);
  });

  test('at the smaller size when both legs fill the same part', () => {
    const story = Story.opening();
    story.fill('a', '0.4');
    story.end('a', 'cancelled', '0.4');
    story.fill('b', '0.4');
    story.end('b', 'cancelled', '0.4');
    expect(story.ladder).toMatchInlineSnapshot(`
      "
      -                opportunity.found  → IDLE → OPENING.sent  timer entry 1200 · a buy 1 @10010
                                            b sell 1 @10040
      OPENING.sent     a filled 0.4       → OPENING.filling  timer orphan 400
      OPENING.filling  a cancelled 0.4    → PARTIAL  timer orphan 399
      PARTIAL          b filled 0.4       → PARTIAL
      PARTIAL          b cancelled 0.4    → OPEN  timer hold 28799984
      "
    `);
  });

  test('when the fill comes before the acknowledgement', () => {
    const story = Story.opening();
    story.fillWhole('a');
    story.accept('a');
    story.fillWhole('b');
    story.accept('b');
    story.end('b', 'filled', '1');
    expect(story.ladder).toMatchInlineSnapshot(`
      "
      -                opportunity.found  → IDLE → OPENING.sent  timer entry 1200 · a buy 1 @10010
                                            b sell 1 @10040
      OPENING.sent     a filled 1         → OPENING.filling  timer orphan 400
      OPENING.filling  b filled 1         → OPEN  timer hold 28799985
      "
    `);
  });

  test('once, however often a fill is told', () => {
    const story = Story.opening();
    const fill = story.fillWhole('a');
    story.tell({ type: 'order.filled', fill });
    story.fillWhole('b');
    story.tell({ type: 'order.filled', fill });
    expect(story.position('a')).toBe('1');
    expect(story.ladder).toMatchInlineSnapshot(`
      "
      -                opportunity.found  → IDLE → OPENING.sent  timer entry 1200 · a buy 1 @10010
                                            b sell 1 @10040
      OPENING.sent     a filled 1         → OPENING.filling  timer orphan 400
      OPENING.filling  b filled 1         → OPEN  timer hold 28799985
      "
    `);
  });
});
