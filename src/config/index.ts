// The words of this room, in one import.
export * from './config-json-schema.ts';
export { ConfigError, problemText } from './config-problem.ts';
export type { ConfigProblem } from './config-problem.ts';
export type { Config } from './config-schema.ts';
export * from './enabled-venues.ts';
export type { ConfigFlags } from './flag-source.ts';
export { toStrategyName } from './flag-source.ts';
export * from './load-config.ts';
export { Secret } from './secret.ts';
