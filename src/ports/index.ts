// What the shell plugs in: each port has several implementations and one conformance suite.
export * from './clock.ts';
export * from './feed.ts';
export * from './journal.ts';
export * from './notifier.ts';
export * from './venue.ts';
