// Types of packages.js, which has to run before any TypeScript can.
export function ensureInstalled(root?: string): Promise<boolean>;
export function installReason(root: string): string | undefined;
export function wayOut(output: string): string;
