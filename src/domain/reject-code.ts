// Why an order was refused, in one vocabulary: what each code means, and what follows from it. Who
// refuses speaks in these words; the machines ask here and compare no text. A venue has more words
// than these: its adapter says the code that means the same, or, where there is none, its own word.
import type { Brand } from './brand.ts';

interface RejectTerms {
  readonly meaning: string;
  /** No better price helps: the entry is not chased. */
  readonly holdsAtAnyPrice?: true;
  /** The venue knows of no position, whatever we count there. */
  readonly deniesPosition?: true;
}

/** Why an order ended that the venue does not know. */
export const ORDER_ABSENT = 'order.absent';

export const REJECT_CODES = {
  'venue.unknown-instrument': { meaning: 'not traded at this venue', holdsAtAnyPrice: true },
  'venue.duplicate-order-id': { meaning: 'the client order id is in use' },
  'venue.entries-refused': { meaning: 'no entry orders for a while', holdsAtAnyPrice: true },
  'venue.not-trading': { meaning: 'the instrument takes reductions only', holdsAtAnyPrice: true },
  'venue.price-tick': { meaning: 'the price is not a multiple of the tick' },
  'venue.qty-min': { meaning: 'below the smallest quantity' },
  'venue.qty-max': { meaning: 'above the largest quantity' },
  'venue.qty-step': { meaning: 'not a multiple of the step' },
  'venue.notional-min': { meaning: 'below the smallest value' },
  'venue.open-orders-max': { meaning: 'too many orders are open', holdsAtAnyPrice: true },
  'venue.market-unavailable': { meaning: 'the book is not whole, crossed, or too old' },
  'venue.reduce-only': { meaning: 'there is no position to reduce', deniesPosition: true },
  'venue.insufficient-margin': {
    meaning: 'margin and fee exceed what is free',
    holdsAtAnyPrice: true,
  },
  'venue.banned': { meaning: 'too many requests: nothing is taken for a while' },
  'venue.request-expired': { meaning: 'the request was too old when it arrived' },
  'venue.maintenance': { meaning: 'the venue takes reductions only' },
  'venue.unreachable': { meaning: 'our own word: no connection, and the order was not sent' },
  'engine.overruled': {
    meaning:
      'our own word: a halt, a kill or a stop came while an entry waited for the disk or the lease',
  },
  'engine.too-late': {
    meaning: 'our own word: an entry waited too long for the disk or the lease; its prices are old',
  },
  'lease.unreachable': {
    meaning: 'our own word: the lease could not be renewed, so nothing is entered',
  },
  [ORDER_ABSENT]: { meaning: 'our own word: the venue proved that the order never arrived' },
} as const satisfies Readonly<Record<string, RejectTerms>>;

/** What we say ourselves, and what adapters translate into. */
export type KnownRejectCode = keyof typeof REJECT_CODES;

/** Or a venue's own word that means none of these: nothing follows from it. */
export type RejectCode = KnownRejectCode | Brand<string, 'RejectCode'>;

/** Any text, as it was told; one that is not listed is the venue's own. */
export const toRejectCode = (text: string): RejectCode => text as RejectCode;

const TERMS: ReadonlyMap<string, RejectTerms> = new Map(Object.entries(REJECT_CODES));

/**
 * No better price helps. A code that is not listed, or none, says nothing about that: a better
 * price may be tried within the budget of its trade.
 */
export const holdsAtAnyPrice = (code: string): boolean => TERMS.get(code)?.holdsAtAnyPrice === true;

/** The venue knows of no position there; a code that is not listed says nothing about that. */
export const deniesPosition = (code: string): boolean => TERMS.get(code)?.deniesPosition === true;
