// The words of this room, in one import.
export * from './ask-engine.ts';
export * from './control-error.ts';
export * from './door.ts';
export { readAddress } from './door-address.ts';
export { standingSchema, statusSchema, tradeCountsSchema } from './message-schema.ts';
export type { ControlRequest, EngineStatus, Standing } from './message-schema.ts';
