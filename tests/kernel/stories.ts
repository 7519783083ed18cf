// Lives of an engine that touch every machine, as the inputs and instants that they were stepped
// with.
import type { StepRecord } from '../../src/domain/index.ts';
import { toRejectCode, toTradeId, toUsd } from '../../src/domain/index.ts';
import { account, BYBIT, carryPlan, OKX, perpetual } from '../machines/carry-plan.ts';
import { Story } from '../machines/story.ts';

/**
 * Opened, chased, closed; a second one unknown, in PANIC and home; a stream that flaps; forgotten
 * at last.
 */
export function eventfulLife(): Story {
  const story = Story.opening();
  story.accept('a');
  story.fillWhole('a');
  story.fill('b', '0.4');
  story.end('b', 'cancelled', '0.4');
  story.quote('b', ['10032', '10034']);
  story.fillWhole('b');
  const stream = { instrumentId: perpetual(OKX, 'ETH'), venueId: OKX };
  for (const type of ['stream.crossed', 'stream.uncrossed', 'stream.crossed'] as const) {
    story.tell({ type, ...stream });
  }
  story.propose(carryPlan('ETH'));
  story.tell({ type: 'stream.uncrossed', ...stream });
  story.propose(carryPlan('ETH'));
  story.signalExit();
  story.quote('a', null);
  story.wait(500);
  story.quote('a', ['10000', '10001']);
  story.quote('b', ['10030', '10031']);
  story.unknown('a');
  story.fillWhole('b');
  story.wait(600);
  story.tell(account(BYBIT, { equityUsd: toUsd('99990') }));
  story.answer('a', { kind: 'open', fills: [story.fillOf(story.order('a'), '0.3')] });
  story.tell({ type: 'operator.stop', reason: 'the end of the story' });
  story.wait(700);
  story.answer('a', { kind: 'ended', end: 'cancelled', fills: [] });
  story.wait(200);
  story.quote('a', ['10000', '10001']);
  story.fillWhole('a');
  const code = toRejectCode('venue.price-band');
  for (const leg of ['a', 'b']) {
    const { clientOrderId } = story.order(leg, toTradeId(2));
    story.tell({ type: 'order.rejected', clientOrderId, code, message: '' });
  }
  return story;
}

/** A trade that lived and was let go, and the risk-guard that asks for accounts. */
export function forgottenLife(): Story {
  const story = Story.opening();
  story.reject('a');
  story.reject('b');
  story.wait(30_001);
  story.propose(carryPlan('ETH'));
  return story;
}

export const hashes = (records: readonly StepRecord[]): readonly string[] =>
  records.map(({ hash }) => hash);
