// What an engine says to a venue, as data: so that it can be lost, delayed and written down.
import type { Ms, OrderRef, OrderRequest } from '../domain/index.ts';
import type { SentMessage, VenueRequest } from './evidence.ts';

export type Message =
  | { readonly kind: 'place'; readonly order: OrderRequest }
  | { readonly kind: 'cancel' | 'query'; readonly order: OrderRef }
  /** Asked at the instant of the engine's own clock. */
  | { readonly kind: 'account'; readonly askedAtMs: Ms }
  | { readonly kind: 'activity'; readonly sinceAtMs: Ms };

const NO_ORDER = {
  ...{ clientOrderId: '', instrumentId: '', side: '', qty: '', limitPrice: '' },
  reduceOnly: false,
};

function about(message: Message): typeof NO_ORDER {
  switch (message.kind) {
    case 'account':
    case 'activity':
      return NO_ORDER;
    case 'cancel':
    case 'query': {
      const { clientOrderId, instrumentId } = message.order;
      return { ...NO_ORDER, clientOrderId, instrumentId };
    }
    case 'place': {
      const { clientOrderId, instrumentId, side, qty, limitPrice, reduceOnly } = message.order;
      return { clientOrderId, instrumentId, side, qty, limitPrice, reduceOnly };
    }
  }
}

export const toRequest = (
  message: Message,
  life: number,
  atMs: number,
): Omit<VenueRequest, 'outcome'> => ({ atMs, life, kind: message.kind, ...about(message) });

export const toSent = (
  message: Message,
  from: { readonly life: number; readonly venueId: string; readonly atMs: number },
): SentMessage => ({ ...from, kind: message.kind, ...about(message) });
