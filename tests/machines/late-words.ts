// What a venue does first and says later: two reports that know more than the fills that were heard,
// and the loss that they knew of.
import type { Fill } from '../../src/domain/index.ts';
import { toPrice, toQty } from '../../src/domain/index.ts';
import { account, OKX, perpetual } from './carry-plan.ts';
import type { Story } from './story.ts';

/** Two reports of the venue of leg a, with what it holds. */
export function report(story: Story, qty: string): void {
  const instrumentId = perpetual(OKX);
  const held = { instrumentId, entryPrice: toPrice('10010'), markPrice: toPrice('10000') };
  const positions = qty === '0' ? [] : [{ ...held, qty: toQty(qty) }];
  for (const _ of [1, 2]) {
    story.wait(1);
    story.tell(account(OKX, { positions, askedAtMs: story.atMs }));
  }
}

/** The venue takes a part of leg a away; nobody says so yet. */
export const loss = (story: Story, qty = '1'): Fill => ({
  ...story.fillOf(story.order('a'), qty),
  ...{ side: 'sell', clientOrderId: 'autoclose-1' as never },
});
