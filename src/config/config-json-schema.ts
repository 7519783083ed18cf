// The configuration as a JSON Schema, for editors that complete and check config.yaml. Secrets are
// not in it, because they do not belong into that file.
import { z } from 'zod';
import { configSchema } from './config-schema.ts';
import { leafFacts } from './leaf.ts';

export function configJsonSchema(): unknown {
  return z.toJSONSchema(configSchema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const facts = zodSchema instanceof z.ZodType ? leafFacts.get(zodSchema) : undefined;
      if (facts !== undefined) jsonSchema.description = facts.allowed;
      if (!(zodSchema instanceof z.ZodObject)) return;
      for (const [name, part] of Object.entries(zodSchema.shape)) {
        const isSecret = part instanceof z.ZodType && leafFacts.get(part)?.kind === 'secret';
        if (isSecret) delete jsonSchema.properties?.[name];
      }
    },
  });
}
