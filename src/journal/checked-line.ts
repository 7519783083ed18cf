// One record as one line that a person can read and that no flipped bit, cut or joint passes:
// `<bytes, 8 hex> <CRC-32, 8 hex> <json>\n`. JSON holds no raw newline, so a line without its
// newline is a write that was cut, and a whole line that fails its check is damage.
import { crc32 } from 'node:zlib';

/** Two words of eight hex digits, each with a space behind. */
const PREFIX_BYTES = 18;
export const NEWLINE = 10;

export function toCheckedLine(json: string): string {
  return `${hex(Buffer.byteLength(json))} ${hex(crc32(json))} ${json}\n`;
}

export type CheckedLine =
  | { readonly isGood: true; readonly json: string }
  /** What the line says is kept for people who look for the cause; nothing may act on it. */
  | { readonly isGood: false; readonly json: string; readonly cause: string };

/** Checks a line without its newline. The prefix is compared as text: `A` is not `a`. */
export function checkLine(line: Buffer): CheckedLine {
  const payload = line.subarray(PREFIX_BYTES);
  const json = payload.toString('utf8');
  const prefix = line.toString('latin1', 0, PREFIX_BYTES);
  const bytes = hex(payload.length);
  const checksum = hex(crc32(payload));
  if (prefix === `${bytes} ${checksum} `) return { isGood: true, json };
  return { isGood: false, json, cause: faultOf(prefix, bytes, checksum) };
}

/** What follows the last newline has more bytes than the line says that it has. */
export function isMoreThanAnnounced(rest: Buffer): boolean {
  const prefix = rest.toString('latin1', 0, PREFIX_BYTES);
  if (!/^[0-9a-f]{8} [0-9a-f]{8} $/.test(prefix)) return false;
  return rest.length > PREFIX_BYTES + parseInt(prefix.slice(0, 8), 16);
}

function faultOf(prefix: string, bytes: string, checksum: string): string {
  if (!/^[0-9a-f]{8} [0-9a-f]{8} $/.test(prefix)) return 'length and checksum are not readable';
  if (!prefix.startsWith(bytes)) return `length says ${prefix.slice(0, 8)}, found ${bytes}`;
  return `checksum says ${prefix.slice(9, 17)}, found ${checksum}`;
}

export const hex = (count: number): string => count.toString(16).padStart(8, '0');
