// A line of the engine's log as a person reads it: when, how bad, what, and the fields as
// `key=value`, those inside others by a dotted path. What is no line of this log stays as it is.

export interface LogLine {
  /** `2026-11-21 22:16:32.505`, UTC. */
  readonly time: string;
  readonly level: string;
  readonly event: string;
  /** `seq=7 key="BTC okx>bybit" trades.open=0`; the run comes last. */
  readonly fields: string;
}

export function logLine(text: string): LogLine | undefined {
  const value = parsed(text);
  if (!isRecord(value)) return undefined;
  const { time, level, event, runId, ...rest } = value;
  if (typeof time !== 'string' || typeof level !== 'string' || typeof event !== 'string') {
    return undefined;
  }
  const fields = pairs({ ...rest, ...(runId !== undefined && { runId }) }).join(' ');
  return { time: time.replace('T', ' ').replace(/Z$/, ''), level, event, fields };
}

const pairs = (fields: Readonly<Record<string, unknown>>, path = ''): readonly string[] =>
  Object.entries(fields).flatMap(([name, value]) =>
    isRecord(value) ? pairs(value, `${path}${name}.`) : [`${path}${name}=${shown(value)}`],
  );

/** A text stands in quotes where a reader could not tell where it ends. */
const shown = (value: unknown): string =>
  typeof value === 'string' && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
