// The kinds of value that a configuration key can have. Each kind carries in words what it allows,
// so that every refusal says it the same way, and gives the domain's own type. A key without a
// default does not exist.
import { z } from 'zod';
import { toBps, toMs, toRate, toUsd } from '../domain/index.ts';
import type { Bps, Ms, Rate, Usd } from '../domain/index.ts';
import { Secret } from './secret.ts';

export interface LeafFacts {
  /** How a text from the environment or a flag becomes a value. */
  readonly kind: 'number' | 'text' | 'boolean' | 'list' | 'secret';
  /** Reads behind "allowed". */
  readonly allowed: string;
  /** Instead of `TRINITY_<SECTION>__<KEY>`, where the world has a name for it. */
  readonly environmentName?: string;
}

/** Takes `Input` from a source, or its default; gives the domain's type. */
export type LeafSchema<Output, Input> = z.ZodPrefault<z.ZodType<Output, Input>>;

export interface Range {
  readonly min: number;
  readonly max: number;
}

/** What is known of each leaf schema besides its type. */
export const leafFacts = z.registry<LeafFacts>();

function leaf<Schema extends z.ZodType>(schema: Schema, facts: LeafFacts): Schema {
  leafFacts.add(schema, facts);
  return schema;
}

const within = ({ min, max }: Range): z.ZodNumber => z.number().min(min).max(max);
const span = ({ min, max }: Range): string => `from ${min} to ${max}`;

export const count = (fallback: number, range: Range): LeafSchema<number, number> =>
  leaf(within(range).int().prefault(fallback), {
    kind: 'number',
    allowed: `a whole number ${span(range)}`,
  });

export const ms = (fallback: number, range: Range): LeafSchema<Ms, number> =>
  leaf(within(range).int().transform(toMs).prefault(fallback), {
    kind: 'number',
    allowed: `a whole number of milliseconds ${span(range)}`,
  });

/** Nobody means a thousandth of a basis point: such a number is a fraction or a percentage. */
const BPS_MIN = 0.01;

export const bps = (fallback: number, range: Range): LeafSchema<Bps, number> =>
  leaf(
    within(range)
      .refine((value) => value === 0 || Math.abs(value) >= BPS_MIN)
      .transform(toBps)
      .prefault(fallback),
    {
      kind: 'number',
      allowed: `basis points ${span(range)}, 0 or at least ${BPS_MIN} in size (1 % is 100)`,
    },
  );

export const usd = (fallback: number, range: Range): LeafSchema<Usd, number> =>
  leaf(within(range).transform(toUsd).prefault(fallback), {
    kind: 'number',
    allowed: `US dollars ${span(range)}`,
  });

/** A fraction of one. */
export const rate = (
  fallback: number,
  range: Range,
  example = '0.3 is 30 %',
): LeafSchema<Rate, number> =>
  leaf(within(range).transform(toRate).prefault(fallback), {
    kind: 'number',
    allowed: `a fraction ${span(range)} (${example})`,
  });

/** A multiple, such as a leverage. */
export const multiple = (fallback: number, range: Range): LeafSchema<Rate, number> =>
  leaf(within(range).transform(toRate).prefault(fallback), {
    kind: 'number',
    allowed: `a multiple ${span(range)}`,
  });

export const claim = (fallback: boolean): LeafSchema<boolean, boolean> =>
  leaf(z.boolean().prefault(fallback), { kind: 'boolean', allowed: 'true or false' });

export const choice = <const Values extends readonly [string, ...string[]]>(
  fallback: Values[number],
  values: Values,
): LeafSchema<Values[number], Values[number]> =>
  leaf(z.enum(values).prefault(fallback), {
    kind: 'text',
    allowed: `one of ${values.join(', ')}`,
  });

export const folder = (fallback: string): LeafSchema<string, string> =>
  leaf(z.string().min(1).prefault(fallback), { kind: 'text', allowed: 'the path of a folder' });

/** A name that people make up; it becomes a part of other names. */
export const word = (fallback: string): LeafSchema<string, string> =>
  leaf(
    z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,39}$/)
      .prefault(fallback),
    { kind: 'text', allowed: 'up to 40 small letters, digits and dashes' },
  );

/** Where a process of ours listens on this machine, or none of them. */
export const place = (fallback: string): LeafSchema<string, string> =>
  leaf(
    z
      .string()
      .regex(/^(own|(127\.0\.0\.1|localhost):\d{1,5})$/)
      .prefault(fallback),
    { kind: 'text', allowed: 'own, or 127.0.0.1 and a port like 127.0.0.1:7301' },
  );

export const address = (
  fallback: string,
  protocols: readonly [string, string],
): LeafSchema<string, string> =>
  leaf(
    z
      .string()
      .refine((text) => hasProtocol(text, protocols))
      .prefault(fallback),
    {
      kind: 'text',
      allowed: `an address that begins with ${protocols.join('// or ')}//`,
    },
  );

const hasProtocol = (text: string, protocols: readonly string[]): boolean =>
  URL.canParse(text) && protocols.includes(new URL(text).protocol) && text.includes('://');

/** Assets as venues write them. */
export const assets = (fallback: readonly string[]): LeafSchema<string[], string[]> =>
  leaf(
    z
      .array(z.string().regex(/^[A-Z0-9]{1,20}$/))
      .min(1)
      .max(200)
      .refine((list) => new Set(list).size === list.length)
      .prefault([...fallback]),
    {
      kind: 'list',
      allowed: 'a list of 1 to 200 different assets in capitals, such as [BTC, ETH]',
    },
  );

export const secret = (): z.ZodOptional<z.ZodType<Secret, Secret>> =>
  leaf(z.custom<Secret>((value) => value instanceof Secret).optional(), {
    kind: 'secret',
    allowed: 'a secret from .env or the environment',
  });

/** An address that may hold a password, under the name that the world gave it. */
export const secretAddress = (
  environmentName: string,
  known: { readonly protocols: readonly [string, ...string[]]; readonly example: string },
): z.ZodOptional<z.ZodType<Secret, Secret>> =>
  leaf(
    z
      .custom<Secret>(
        (value) => value instanceof Secret && hasProtocol(value.reveal(), known.protocols),
      )
      .optional(),
    { kind: 'secret', allowed: `a ${environmentName} like ${known.example}`, environmentName },
  );

/** A group of keys; absent, all its keys have their defaults. */
export const section = <Shape extends z.ZodRawShape>(
  shape: Shape,
): z.ZodPrefault<z.ZodObject<Shape, z.core.$strict>> => {
  const group = z.strictObject(shape);
  return group.prefault({} as z.input<typeof group>);
};
