// A span of time as a clock shows it.

/** `01:40`, and `26:01:40` from one hour on. */
export function clockText(durationMs: number): string {
  const seconds = Math.max(0, Math.floor(durationMs / 1000));
  const two = (count: number): string => String(count).padStart(2, '0');
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return seconds < 3600 ? rest : `${two(Math.floor(seconds / 3600))}:${rest}`;
}
