// Colours, only where they are wanted and can be shown.
import picocolors from 'picocolors';

interface Output {
  /** Absent where it is a pipe or a file. */
  readonly isTTY?: boolean;
}

export const isTerminal = ({ isTTY }: Output): boolean =>
  isTTY === true && process.env['TERM'] !== 'dumb';

/** `wanted` is what a flag says. */
export const paintsFor = (
  output: Output,
  wanted?: boolean,
): ReturnType<typeof picocolors.createColors> =>
  picocolors.createColors(wanted ?? wantsColour(isTerminal(output)));

/** https://no-color.org and https://force-color.org; otherwise as the terminal can. */
function wantsColour(isShown: boolean): boolean {
  const { NO_COLOR: no, FORCE_COLOR: force } = process.env;
  if (no !== undefined && no !== '') return false;
  if (force !== undefined && force !== '') return force !== '0';
  return isShown;
}
