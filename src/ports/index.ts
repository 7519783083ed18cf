// What the shell plugs in. Each port has several implementations; one suite holds every feed.
export * from './clock.ts';
export * from './feed.ts';
export * from './journal.ts';
export * from './lease.ts';
export * from './live.ts';
export * from './store.ts';
export * from './venue.ts';
