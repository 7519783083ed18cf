-- The ledger: double entry per venue, account and asset. The lines of a posting come in one
-- statement and sum to zero in each asset; a posting that does not is refused, and no line changes.

create table ledger_entries (
  run_id text not null,
  seq bigint not null,
  ordinal integer not null,
  at_ms bigint not null,
  posting text not null,
  line integer not null,
  kind text not null check (kind in ('fill', 'fee', 'funding')),
  trade_id text,
  venue_id text not null,
  account text not null check (account in ('position', 'market', 'wallet', 'fees', 'funding')),
  asset text not null,
  amount numeric not null check (amount <> 0),
  primary key (run_id, seq, ordinal),
  unique (run_id, posting, line)
);

create function refuse_unbalanced() returns trigger language plpgsql as $$
declare
  wrong record;
begin
  select posting, asset, sum(amount) as remainder into wrong from inserted
    group by run_id, posting, asset having sum(amount) <> 0 limit 1;
  if found then
    raise exception 'posting % leaves % %', wrong.posting, wrong.remainder, wrong.asset
      using errcode = 'check_violation';
  end if;
  return null;
end
$$;

create trigger ledger_entries_balanced
  after insert on ledger_entries referencing new table as inserted
  for each statement execute function refuse_unbalanced();

create trigger ledger_entries_append_only
  before update or delete or truncate on ledger_entries
  for each statement execute function refuse_change();
