// The chain that makes a run checkable: each record's hash covers the one before it and everything
// that it says, as JSON text, so that one changed byte anywhere changes the head.
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

import type { StepRecord } from '../domain/index.ts';

export function recordHash(previousHash: string, record: Omit<StepRecord, 'hash'>): string {
  const { seq, atMs, input, transitions, effects } = record;
  const text = JSON.stringify([seq, atMs, input, transitions, effects]);
  return bytesToHex(sha256(utf8ToBytes(`${previousHash}\n${text}`)));
}
