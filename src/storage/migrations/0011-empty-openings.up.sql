-- The first report of a venue opens its account also when there is nothing: the two lines of its
-- wallet stay, with zero, so that no later report is taken for the first.

alter table ledger_entries drop constraint ledger_entries_amount_check;
alter table ledger_entries add constraint ledger_entries_amount_check
  check (amount <> 0 or posting = 'opening ' || venue_id);

alter table ledger_entries disable trigger ledger_entries_append_only;
alter table ledger_entries disable trigger ledger_entries_opening;

-- In runs that are stored already, what a later report was taken to open goes.
delete from ledger_entries as booked
  using (
    select run_id, venue_id, min(seq) as seq from portfolio_snapshots group by run_id, venue_id
  ) as first
  where booked.run_id = first.run_id and booked.posting = 'opening ' || first.venue_id
    and booked.seq > first.seq;

insert into ledger_entries
  select first.run_id, first.seq, side.line - 1, first.at_ms, 'opening ' || first.venue_id,
      side.line, 'transfer', null::text, first.venue_id, side.account, 'USD', 0
    from (
      select distinct on (run_id, venue_id) * from portfolio_snapshots order by run_id, venue_id, seq
    ) as first
    cross join (values (1, 'wallet'), (2, 'transfers')) as side (line, account)
  on conflict do nothing;

alter table ledger_entries enable trigger ledger_entries_opening;
alter table ledger_entries enable trigger ledger_entries_append_only;

create or replace function keep_first_opening() returns trigger language plpgsql as $$
declare
  booked_usd numeric;
begin
  if exists (
    select from ledger_entries as booked
      where booked.run_id = new.run_id and booked.posting = new.posting and booked.seq <> new.seq
  ) then
    return null;
  end if;
  -- The first two lines of an opening are the wallet and its other side.
  if new.posting = 'opening ' || new.venue_id and new.line <= 2 then
    select coalesce(sum(amount), 0) into booked_usd from ledger_entries as booked
      where booked.run_id = new.run_id and booked.venue_id = new.venue_id
        and booked.account = 'wallet' and booked.seq < new.seq;
    new.amount :=
      trim_scale(new.amount - booked_usd * case new.account when 'wallet' then 1 else -1 end);
  end if;
  return new;
end
$$;
