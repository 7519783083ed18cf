// What the machines ask for. Effects are data; the shell below the waterline performs them and
// reports back as inputs. Those that move money leave only after their record is on disk.
import type { InstrumentId, LegId, Ms, TradeId, VenueId } from './brand.ts';
import type { OrderRef, OrderRequest } from './order.ts';

export type AlertSeverity = 'critical' | 'warning' | 'info';

export type Effect =
  | { readonly type: 'order.place'; readonly order: OrderRequest }
  | { readonly type: 'order.cancel'; readonly order: OrderRef }
  | { readonly type: 'order.query'; readonly order: OrderRef }
  | {
      readonly type: 'quote.ask';
      readonly tradeId: TradeId;
      readonly legId: LegId;
      readonly instrumentId: InstrumentId;
    }
  | { readonly type: 'account.ask'; readonly venueId: VenueId }
  | { readonly type: 'activity.ask'; readonly venueId: VenueId; readonly sinceAtMs: Ms }
  | {
      readonly type: 'timer.set';
      readonly actor: string;
      readonly timer: string;
      readonly delayMs: Ms;
    }
  | { readonly type: 'timer.clear'; readonly actor: string; readonly timer: string }
  | {
      readonly type: 'alert.raise';
      readonly severity: AlertSeverity;
      /** A stable code with a page in the docs: `ORPHAN_LEG`. */
      readonly code: string;
      readonly key: string;
      readonly text: string;
    };
