-- Opportunities taken or refused, and what became of those that were taken.

create table opportunities (
  run_id text not null,
  seq bigint not null,
  ordinal integer not null,
  at_ms bigint not null,
  strategy text not null,
  pair text not null,
  is_taken boolean not null,
  trade_id text,
  gate text,
  found_value text,
  limit_value text,
  unit text,
  notional_usd numeric,
  net_edge_bps numeric,
  evidence jsonb,
  primary key (run_id, seq, ordinal),
  check (is_taken = (trade_id is not null)),
  check (is_taken or gate is not null)
);

create table trades (
  run_id text not null,
  seq bigint not null,
  ordinal integer not null,
  at_ms bigint not null,
  trade_id text not null,
  strategy text not null,
  pair text not null,
  base text not null,
  notional_usd numeric not null,
  net_edge_bps numeric not null,
  plan jsonb not null,
  state text not null,
  state_seq bigint not null,
  state_at_ms bigint not null,
  cause text,
  primary key (run_id, seq, ordinal),
  unique (run_id, trade_id)
);

create table legs (
  run_id text not null,
  seq bigint not null,
  ordinal integer not null,
  at_ms bigint not null,
  trade_id text not null,
  leg_id text not null,
  venue_id text not null,
  instrument_id text not null,
  side text not null check (side in ('buy', 'sell')),
  qty numeric not null,
  reference_price numeric not null,
  limit_price numeric not null,
  state text not null,
  state_seq bigint not null,
  state_at_ms bigint not null,
  primary key (run_id, seq, ordinal),
  unique (run_id, trade_id, leg_id)
);

create table orders (
  run_id text not null,
  seq bigint not null,
  ordinal integer not null,
  at_ms bigint not null,
  client_order_id text not null,
  venue_order_id text,
  trade_id text not null,
  leg_id text not null,
  venue_id text not null,
  instrument_id text not null,
  side text not null check (side in ('buy', 'sell')),
  qty numeric not null,
  limit_price numeric not null,
  reference_price numeric not null,
  time_in_force text not null,
  reduce_only boolean not null,
  status text not null,
  status_seq bigint not null,
  status_at_ms bigint not null,
  reject_code text,
  filled_qty numeric,
  primary key (run_id, seq, ordinal),
  unique (run_id, client_order_id)
);

-- A fill that is reported twice has one row: that of its first report.
create table fills (
  run_id text not null,
  seq bigint not null,
  ordinal integer not null,
  at_ms bigint not null,
  fill_id text not null,
  client_order_id text not null,
  trade_id text,
  leg_id text,
  venue_id text not null,
  instrument_id text not null,
  side text not null check (side in ('buy', 'sell')),
  qty numeric not null,
  price numeric not null,
  fee_usd numeric not null,
  liquidity text not null,
  is_liquidation boolean not null,
  filled_at_ms bigint not null,
  primary key (run_id, seq, ordinal),
  unique (run_id, venue_id, instrument_id, fill_id)
);

create table funding_payments (
  run_id text not null,
  seq bigint not null,
  ordinal integer not null,
  at_ms bigint not null,
  trade_id text,
  venue_id text not null,
  instrument_id text not null,
  funding_at_ms bigint not null,
  funding_rate numeric not null,
  position_qty numeric not null,
  mark_price numeric not null,
  amount_usd numeric not null,
  primary key (run_id, seq, ordinal)
);
