-- What venues say of our accounts, what the streams went through, what was called out, and what
-- people did. Operator actions can be added and nothing else.

create table portfolio_snapshots (
  run_id text not null,
  seq bigint not null,
  ordinal integer not null,
  at_ms bigint not null,
  venue_id text not null,
  equity_usd numeric not null,
  margin_used_usd numeric not null,
  primary key (run_id, seq, ordinal)
);

-- As the venue reported them, signed: long positive, short negative.
create table positions (
  run_id text not null,
  seq bigint not null,
  ordinal integer not null,
  at_ms bigint not null,
  venue_id text not null,
  instrument_id text not null,
  qty numeric not null,
  entry_price numeric not null,
  mark_price numeric not null,
  liquidation_price numeric,
  primary key (run_id, seq, ordinal)
);

create table stream_health (
  run_id text not null,
  seq bigint not null,
  ordinal integer not null,
  at_ms bigint not null,
  venue_id text not null,
  instrument_id text not null,
  from_state text not null,
  event text not null,
  to_state text not null,
  primary key (run_id, seq, ordinal)
);

create table incidents (
  run_id text not null,
  seq bigint not null,
  ordinal integer not null,
  at_ms bigint not null,
  severity text not null check (severity in ('critical', 'warning', 'info')),
  code text not null,
  incident_key text not null,
  text text not null,
  primary key (run_id, seq, ordinal)
);

create table operator_actions (
  run_id text not null,
  seq bigint not null,
  ordinal integer not null,
  at_ms bigint not null,
  action text not null,
  reason text,
  primary key (run_id, seq, ordinal)
);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only: % refused', tg_table_name, lower(tg_op)
    using errcode = 'restrict_violation';
end
$$;

create trigger operator_actions_append_only
  before update or delete or truncate on operator_actions
  for each statement execute function refuse_change();
