// Entries that do not end OPEN, rung by rung: missed without a fill, or PANIC and home.
import { describe, expect, test } from 'vitest';
import { Story } from './story.ts';

describe('a trade does not open', () => {
  test('when both legs are rejected: it closes without a fill', () => {
    const story = Story.opening();
    story.reject('a');
    story.reject('b');
    expect(story.ladder).toMatchInlineSnapshot(`
      "
      -             opportunity.found  → IDLE → OPENING.sent  timer entry 1200 · a buy 1 @10010
                                         b sell 1 @10040
      OPENING.sent  a rejected         → OPENING.sent
      OPENING.sent  b rejected         → CLOSED  timer late 30000
      "
    `);
  });

  test('when a rejected leg cannot be chased any more: it panics and goes home', () => {
    const story = Story.opening();
    story.fillWhole('a');
    story.reject('b');
    story.quote('b', ['10035', '10036']);
    story.reject('b');
    story.quote('b', ['10035', '10036']);
    story.reject('b');
    story.quote('a', ['10000', '10001']);
    story.fillWhole('a');
    expect(story.ladder).toMatchInlineSnapshot(`
      "
      -                 opportunity.found  → IDLE → OPENING.sent  timer entry 1200
                                             a buy 1 @10010 · b sell 1 @10040
      OPENING.sent      a filled 1         → OPENING.filling  timer orphan 400
      OPENING.filling   b rejected         → PARTIAL → CHASING  timer orphan 399 · ask b
      CHASING           quote b            → CHASING  b sell 1 @10030
      CHASING           b rejected         → PARTIAL → CHASING  timer orphan 397 · ask b
      CHASING           quote b            → CHASING  b sell 1 @10025
      CHASING           b rejected         → PARTIAL → PANIC.flattening  timer orphan 395
                                             timer call 1000 · alert TRADE_PANIC · ask a
      PANIC.flattening  quote a            → PANIC.flattening  a close sell 1 @9950
      PANIC.flattening  a filled 1         → CLOSED  timer late 30000
      "
    `);
  });

  test('when the price ran beyond the chase budget', () => {
    const story = Story.opening();
    story.fillWhole('a');
    story.reject('b');
    story.quote('b', ['10019', '10020']);
    expect(story.ladder).toMatchInlineSnapshot(`
      "
      -                opportunity.found  → IDLE → OPENING.sent  timer entry 1200 · a buy 1 @10010
                                            b sell 1 @10040
      OPENING.sent     a filled 1         → OPENING.filling  timer orphan 400
      OPENING.filling  b rejected         → PARTIAL → CHASING  timer orphan 399 · ask b
      CHASING          quote b            → PANIC.flattening  timer call 1000 · alert TRADE_PANIC
                                            ask a
      "
    `);
  });

  test('when there is no quote to chase by', () => {
    const story = Story.opening();
    story.fillWhole('a');
    story.reject('b');
    story.quote('b', null);
    expect(story.ladder).toMatchInlineSnapshot(`
      "
      -                opportunity.found  → IDLE → OPENING.sent  timer entry 1200 · a buy 1 @10010
                                            b sell 1 @10040
      OPENING.sent     a filled 1         → OPENING.filling  timer orphan 400
      OPENING.filling  b rejected         → PARTIAL → CHASING  timer orphan 399 · ask b
      CHASING          quote b none       → PANIC.flattening  timer call 1000 · alert TRADE_PANIC
                                            ask a
      "
    `);
  });

  test('when a leg stays alone for longer than the plan allows', () => {
    const story = Story.opening();
    story.fillWhole('a');
    story.accept('b');
    story.wait(400);
    expect(story.ladder).toMatchInlineSnapshot(`
      "
      -                opportunity.found  → IDLE → OPENING.sent  timer entry 1200 · a buy 1 @10010
                                            b sell 1 @10040
      OPENING.sent     a filled 1         → OPENING.filling  timer orphan 400
      OPENING.filling  timer t1.b ack     → PARTIAL  query b · timer orphan 101
      PARTIAL          timer orphan       → PANIC.flattening  timer call 1000 · alert TRADE_PANIC
                                            ask a
      "
    `);
  });

  test('when nothing at all is heard until the entry times out', () => {
    const story = Story.opening();
    story.wait(1200);
    expect(story.ladder).toMatchInlineSnapshot(`
      "
      -             opportunity.found  → IDLE → OPENING.sent  timer entry 1200 · a buy 1 @10010
                                         b sell 1 @10040
      OPENING.sent  timer t1.a ack     → OPENING.sent  query a
      OPENING.sent  timer t1.b ack     → OPENING.sent  query b
      ·             timer t1.a query   → ·  query a
      ·             timer t1.b query   → ·  query b
      ·             timer t1.a query   → ·  query a
      ·             timer t1.b query   → ·  query b
      ·             timer t1.a query   → ·  query a
      ·             timer t1.b query   → ·  query b
      OPENING.sent  timer entry        → PANIC.flattening  timer call 1000 · alert TRADE_PANIC
      "
    `);
  });
});

describe('between a question and its answer', () => {
  test('a late fill completes the leg, and the chase is dropped', () => {
    const story = Story.opening();
    story.fillWhole('a');
    const late = story.order('b');
    story.end('b', 'cancelled', '0');
    story.fill('b', '1', late);
    story.quote('b', ['10035', '10036']);
    expect(story.placed).toHaveLength(2);
    expect(story.ladder).toMatchInlineSnapshot(`
      "
      -                opportunity.found  → IDLE → OPENING.sent  timer entry 1200 · a buy 1 @10010
                                            b sell 1 @10040
      OPENING.sent     a filled 1         → OPENING.filling  timer orphan 400
      OPENING.filling  b cancelled 0      → PARTIAL → CHASING  timer orphan 399 · ask b
      CHASING          b filled 1         → CHASING
      CHASING          quote b            → OPEN  timer hold 28799984
      "
    `);
  });

  test('a panic makes the answer worthless, and nothing is sent by it', () => {
    const story = Story.opening();
    story.fillWhole('a');
    story.reject('b');
    story.tell({ type: 'operator.kill', reason: 'drill' });
    story.quote('b', ['10035', '10036']);
    story.quote('a', ['10000', '10001']);
    story.quote('a', ['10000', '10001']);
    expect(story.ladder).toMatchInlineSnapshot(`
      "
      -                 opportunity.found  → IDLE → OPENING.sent  timer entry 1200
                                             a buy 1 @10010 · b sell 1 @10040
      OPENING.sent      a filled 1         → OPENING.filling  timer orphan 400
      OPENING.filling   b rejected         → PARTIAL → CHASING  timer orphan 399 · ask b
      CHASING           operator.kill      → PANIC.flattening  timer call 1000 · alert TRADE_PANIC
                                             ask a
      PANIC.flattening  quote b            → PANIC.flattening
      PANIC.flattening  quote a            → PANIC.flattening  a close sell 1 @9950
      PANIC.flattening  quote a            → PANIC.flattening
      "
    `);
  });
});
