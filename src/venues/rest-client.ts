// Public GET requests with a deadline that covers the body too, a limit on the size of the answer
// and no retries of its own. Refuses redirects and anything but JSON.
import type { Ms } from '../domain/index.ts';

export class RestFailure extends Error {
  /** How long the venue asked us to stay away; 0 when it did not. */
  readonly retryAfterMs: number;

  constructor(message: string, retryAfterMs = 0) {
    super(message);
    this.name = 'RestFailure';
    this.retryAfterMs = retryAfterMs;
  }
}

export type GetJson = (path: string) => Promise<unknown>;

export interface RestClientOptions {
  /** Without a slash at the end: `https://fapi.binance.com`. */
  readonly restUrl: string;
  readonly timeoutMs: Ms;
  /** Ends every request at once when the feed stops. */
  readonly signal: AbortSignal;
}

/** Binance's list of all instruments is about 1 MB. */
const BODY_BYTES_MAX = 32 * 1024 * 1024;
const TOO_MANY_REQUESTS = [418, 429];
/** Where a venue says "too many" without saying for how long. */
const RETRY_AFTER_DEFAULT_MS = 60_000;

export function restClient({ restUrl, timeoutMs, signal }: RestClientOptions): GetJson {
  return async (path) => {
    const url = `${restUrl}${path}`;
    // Not AbortSignal.any(): on Node 20 each call leaves something behind on the long-lived signal.
    const request = new AbortController();
    const abort = (): void => request.abort(new Error('the feed stopped'));
    const late = `no whole answer within ${timeoutMs} ms`;
    const deadline = setTimeout(() => request.abort(new Error(late)), timeoutMs);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    try {
      const reply = await fetch(url, { signal: request.signal, redirect: 'error' });
      if (!reply.ok) {
        await reply.body?.cancel();
        throw new RestFailure(`${url} answered ${reply.status}`, retryAfterMs(reply));
      }
      const json: unknown = JSON.parse(await bodyText(reply, url));
      return json;
    } catch (error) {
      if (error instanceof RestFailure) throw error;
      throw new RestFailure(`${url} failed: ${causeOf(error)}`);
    } finally {
      clearTimeout(deadline);
      signal.removeEventListener('abort', abort);
    }
  };
}

function retryAfterMs({ status, headers }: Response): number {
  if (!TOO_MANY_REQUESTS.includes(status)) return 0;
  const seconds = Number(headers.get('retry-after') ?? NaN);
  return seconds > 0 ? seconds * 1_000 : RETRY_AFTER_DEFAULT_MS;
}

async function bodyText(reply: Response, url: string): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let byteCount = 0;
  let text = '';
  const chunks: AsyncIterable<Uint8Array> | readonly Uint8Array[] = reply.body ?? [];
  for await (const chunk of chunks) {
    byteCount += chunk.byteLength;
    if (byteCount > BODY_BYTES_MAX) {
      throw new RestFailure(`${url} answered with more than ${BODY_BYTES_MAX} bytes`);
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** `fetch` hides the reason one level down. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
