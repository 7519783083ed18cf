-- Runs, how far each one is projected, and every transition of every machine.
-- Instants are bigint milliseconds since 1970 (`_ms`), as the journal has them; money and sizes are
-- numeric and exact. Rows carry the number of the record they come from.

create table runs (
  run_id text primary key,
  run_tag text not null,
  engine_version text not null,
  created_at_ms bigint not null,
  started_at_ms bigint not null,
  mode text not null,
  feed text not null,
  seed bigint not null,
  config_hash text not null,
  strategies jsonb not null,
  venues jsonb not null,
  limits jsonb not null
);

create table runtime_state (
  run_id text primary key,
  last_seq bigint not null check (last_seq >= 0),
  head_hash text not null check (head_hash ~ '^[0-9a-f]{64}$'),
  at_ms bigint,
  engine_state text
);

create table transitions (
  run_id text not null,
  seq bigint not null,
  ordinal integer not null,
  at_ms bigint not null,
  actor text not null,
  from_state text not null,
  event text not null,
  to_state text not null,
  changed jsonb not null,
  primary key (run_id, seq, ordinal)
);
create index transitions_actor on transitions (run_id, actor, seq);
