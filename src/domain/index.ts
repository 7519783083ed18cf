// The words of this room, in one import.
export * from './brand.ts';
export * from './client-order-id.ts';
export * from './decimal.ts';
export * from './effect.ts';
export * from './input.ts';
export * from './instrument.ts';
export * from './keyed.ts';
export * from './lease.ts';
export * from './ledger.ts';
export * from './market-event.ts';
export * from './opportunity.ts';
export * from './order.ts';
export * from './plan.ts';
export * from './record.ts';
export * from './reject-code.ts';
export * from './seeded-random.ts';
