// One order at a time, rung by rung: what each word of a venue means to a leg, in whatever order it
// comes.
import { describe, expect, test } from 'vitest';
import { LegStage } from './leg-stage.ts';

describe('an order that the venue answers', () => {
  test('is sent, accepted, filled in parts and ends whole', () => {
    const stage = new LegStage().submit().accepted().filled('f1', '0.4').filled('f2', '0.6');
    expect(stage.ladder).toMatchInlineSnapshot(`
      "
      idle      leg.submit     → sent      place #1 · timer ack 300
      sent      order.accepted → working
      working   order.filled   → partial   tells leg.filled 0.4
      partial   order.filled   → filled    tells leg.filled 0.6 · tells leg.ended
      "
    `);
  });

  test('ends with a part, and the next order has the next number', () => {
    const stage = new LegStage().submit().filled('f1', '0.4').ended('cancelled', '0.4').submit();
    expect(stage.ladder).toMatchInlineSnapshot(`
      "
      idle      leg.submit     → sent      place #1 · timer ack 300
      sent      order.filled   → partial   tells leg.filled 0.4
      partial   order.ended    → cancelled tells leg.ended
      cancelled leg.submit     → sent      place #2 · timer ack 300
      "
    `);
  });

  test('is rejected with the code of the venue', () => {
    expect(new LegStage().submit().rejected().ladder).toMatchInlineSnapshot(`
      "
      idle      leg.submit     → sent      place #1 · timer ack 300
      sent      order.rejected → rejected  tells leg.ended venue.price-band
      "
    `);
  });
});

describe('a fill counts once', () => {
  test('when it comes before the acknowledgement', () => {
    const stage = new LegStage().submit().filled('f1', '1').accepted();
    expect(stage.ladder).toMatchInlineSnapshot(`
      "
      idle      leg.submit     → sent      place #1 · timer ack 300
      sent      order.filled   → filled    tells leg.filled 1 · tells leg.ended
      filled    order.accepted → filled
      "
    `);
  });

  test('when it comes after the cancel', () => {
    const stage = new LegStage().submit().ended('cancelled', '0').filled('f1', '1');
    expect(stage.ladder).toMatchInlineSnapshot(`
      "
      idle      leg.submit     → sent      place #1 · timer ack 300
      sent      order.ended    → cancelled tells leg.ended
      cancelled order.filled   → cancelled tells leg.filled 1
      "
    `);
  });

  test('when it is told twice, and once more by an answer', () => {
    const stage = new LegStage().submit().filled('f1', '0.4').filled('f1', '0.4').unknown();
    stage.answered({
      kind: 'ended',
      end: 'cancelled',
      fills: [stage.fill('f1', '0.4'), stage.fill('f2', '0.1'), stage.fill('f2', '0.1')],
    });
    expect(stage.ladder).toMatchInlineSnapshot(`
      "
      idle      leg.submit     → sent      place #1 · timer ack 300
      sent      order.filled   → partial   tells leg.filled 0.4
      partial   order.filled   → partial
      partial   order.unknown  → unknown   query #1 · timer query 250 · tells leg.unknown
      unknown   order.answered → cancelled tells leg.filled 0.1 · tells leg.ended
      "
    `);
  });

  test('when it belongs to an earlier order: the current one does not count it as its own', () => {
    const stage = new LegStage().submit().ended('cancelled', '0').submit().filled('f1', '1', 1);
    expect(stage.ladder).toMatchInlineSnapshot(`
      "
      idle      leg.submit     → sent      place #1 · timer ack 300
      sent      order.ended    → cancelled tells leg.ended
      cancelled leg.submit     → sent      place #2 · timer ack 300
      sent      order.filled   → partial   tells leg.filled 1
      "
    `);
  });

  test('when an answer brings it after the end', () => {
    const stage = new LegStage().submit().ended('cancelled', '0');
    stage.answered({ kind: 'ended', end: 'cancelled', fills: [stage.fill('f1', '0.2')] });
    stage.answered({ kind: 'ended', end: 'cancelled', fills: [stage.fill('f1', '0.2')] });
    expect(stage.ladder).toMatchInlineSnapshot(`
      "
      idle      leg.submit     → sent      place #1 · timer ack 300
      sent      order.ended    → cancelled tells leg.ended
      cancelled order.answered → cancelled tells leg.filled 0.2
      cancelled order.answered → cancelled
      "
    `);
  });
});

test('words about an earlier order do not move the current one', () => {
  const stage = new LegStage().submit().rejected().submit();
  stage.rejected(1).unknown(1).ended('cancelled', '0', 1).answered({ kind: 'absent' }, 1);
  expect(stage.ladder).toMatchInlineSnapshot(`
    "
    idle      leg.submit     → sent      place #1 · timer ack 300
    sent      order.rejected → rejected  tells leg.ended venue.price-band
    rejected  leg.submit     → sent      place #2 · timer ack 300
    sent      order.rejected → sent
    sent      order.unknown  → sent
    sent      order.ended    → sent
    sent      order.answered → sent
    "
  `);
});

test('a second order is not taken while one is out', () => {
  const stage = new LegStage().submit().submit();
  expect(stage.ladder).toMatchInlineSnapshot(`
    "
    idle      leg.submit     → sent      place #1 · timer ack 300
    sent      leg.submit     → sent
    "
  `);
});
