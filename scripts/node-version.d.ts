// Types of node-version.js, which has to run before any TypeScript can.
export function isNodeSupported(version: string): boolean;
export function nodeVersionMessage(version: string): string;
