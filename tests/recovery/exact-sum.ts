// Exact sums of decimal texts for a judge that shares no code with what it judges.
const PLACES = 18;

function toUnits(text: string): bigint {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  const [, sign = '', whole = '', part = ''] = match ?? [];
  if (match === null || part.length > PLACES)
    throw new RangeError(`${text} is not a plain decimal`);
  const units = BigInt(`${whole}${part.padEnd(PLACES, '0')}`);
  return sign === '-' ? -units : units;
}

function toText(units: bigint): string {
  const digits = (units < 0n ? -units : units).toString().padStart(PLACES + 1, '0');
  const part = digits.slice(-PLACES).replace(/0+$/, '');
  const text = `${digits.slice(0, -PLACES)}${part === '' ? '' : `.${part}`}`;
  return units < 0n ? `-${text}` : text;
}

export const exactSum = (texts: Iterable<string>): string =>
  toText([...texts].reduce((sum, text) => sum + toUnits(text), 0n));

export const negated = (text: string): string => toText(-toUnits(text));
