// Pieces that several states of the trade share: its timers, how it asks for quotes and acts on
// them, and the transitions that mean the same everywhere.
import type { Ms } from '../../src/domain/index.ts';
import { toMs } from '../../src/domain/index.ts';
import type { TradeEvent } from './trade-events.ts';
import type { TradeContext } from './trade-legs.ts';
import { awaitsQuote, idleHolders, laggards, planLegOf } from './trade-legs.ts';

export type On<T extends TradeEvent['type']> = { event: Extract<TradeEvent, { type: T }> };
type Args = { context: TradeContext; event: TradeEvent };
type LegChoice = (trade: TradeContext) => readonly TradeContext['plan']['legs'][number]['legId'][];

export const timer = (name: string, delayMs: (trade: TradeContext, atMs: Ms) => Ms) =>
  ({
    type: 'startTimer',
    params: ({ context, event }: Args) => ({
      timer: name,
      delayMs: toMs(Math.max(0, delayMs(context, event.atMs))),
    }),
  }) as const;
export const stop = (name: string) => ({ type: 'stopTimer', params: { timer: name } }) as const;

/**
 * What is left of the time in which legs may be uneven, counted from the fill that made them so.
 */
export const orphanTimer = (phase: 'entry' | 'exit') =>
  timer('orphan', ({ plan, unevenSinceAtMs }, atMs) =>
    toMs((unevenSinceAtMs ?? atMs) + plan[phase].panicAfterMs - atMs),
  );

/** Marks the chosen legs as waiting for a quote and asks for one each. */
const quote = (choose: LegChoice) =>
  [
    {
      type: 'askQuotes',
      params: ({ context }: Args) =>
        choose(context).map((legId) => ({
          tradeId: context.tradeId,
          legId,
          instrumentId: planLegOf(context, legId).instrumentId,
        })),
    },
    {
      type: 'markLegs',
      params: ({ context }: Args) => ({ legIds: choose(context), status: 'quoting' as const }),
    },
  ] as const;
export const quoteLaggards = quote((trade) => laggards(trade).map(({ legId }) => legId));
export const quoteHolders = quote(idleHolders);
export const quoteAgain = quote((trade) =>
  trade.plan.legs.map(({ legId }) => legId).filter((legId) => awaitsQuote(trade, legId)),
);

export const quoted = ({ event }: On<'quote.answered'>) => ({
  legId: event.legId,
  quote: event.quote,
});
/** Nothing is left to do for the leg: a late fill or a liquidation came before the answer. */
export const dropQuestion = {
  type: 'markLegs',
  params: ({ event }: On<'quote.answered'>) => ({
    legIds: [event.legId],
    status: 'idle' as const,
  }),
} as const;
const submit = (phase: 'chase' | 'exit' | 'panic') =>
  [
    {
      type: 'submitQuoted',
      params: ({ event }: On<'quote.answered'>) => ({ ...quoted({ event }), phase }),
    },
    {
      type: 'markLegs',
      params: ({ event }: On<'quote.answered'>) => ({
        legIds: [event.legId],
        status: 'busy' as const,
      }),
    },
  ] as const;

export const closeQuoted = (phase: 'exit' | 'panic') =>
  ({
    'quote.answered': [
      { guard: { type: 'canClose', params: quoted }, actions: submit(phase) },
      { guard: { type: 'awaitsQuote', params: quoted }, actions: dropQuestion },
    ],
  }) as const;
export const chaseQuoted = [
  { guard: { type: 'hasCaughtUp', params: quoted }, actions: dropQuestion },
  { guard: { type: 'isWithinBudget', params: quoted }, actions: submit('chase') },
] as const;

export const because = (cause: string) => ({ type: 'noteCause', params: { cause } }) as const;
export const becauseSaid = {
  type: 'noteCause',
  params: ({ event }: On<'trade.panic' | 'trade.unwind' | 'exit.signalled'>) => ({
    cause: event.reason,
  }),
} as const;
export const toPanic = (cause: string) => ({ target: '#PANIC', actions: because(cause) }) as const;

const news = ({ event: { legId, fills, atMs } }: On<'leg.filled'>) => ({ legId, fills, atMs });
export const recordFills = { type: 'recordFills', params: news } as const;
/** The fills of a flat trade explain what it took over from its venue, or even each other out. */
export const staysFlat = { type: 'staysFlat', params: news } as const;
export const closedWhenFlat = { guard: 'isQuietAndFlat', target: '#CLOSED' } as const;

const held = ({ event }: On<'position.corrected'>) => ({
  instrumentId: event.instrumentId,
  qty: event.qty,
});
export const isCorrectable = { type: 'isCorrectable', params: held } as const;
export const correct = { type: 'correctPosition', params: held } as const;
export const tellCorrected = { type: 'tellCorrected', params: held } as const;

const lost = ({ event: { fill, atMs } }: On<'position.liquidated'>) => ({ fill, atMs });
export const recordLiquidation = { type: 'recordLiquidation', params: lost } as const;
export const isNewLiquidation = { type: 'isNewLiquidation', params: lost } as const;
/** A loss that a flat trade took over from its venue already. */
export const isKnownLoss = { type: 'isKnownLoss', params: lost } as const;
