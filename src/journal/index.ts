// The words of this room, in one import.
export * from './checked-log.ts';
export * from './data-folder.ts';
export * from './data-lock.ts';
export * from './file-journal.ts';
export { syncFolder, writeDurably } from './durable-file.ts';
export * from './journal-error.ts';
export * from './journal-follower.ts';
export * from './journal-reader.ts';
export * from './journal-tail.ts';
export * from './run-folder.ts';
export * from './segment-archiver.ts';
export * from './segment-file.ts';
export * from './segment-reader.ts';
export { isArchived, listSegments } from './segment.ts';
export * from './snapshot-store.ts';
export * from './sync-journal.ts';
