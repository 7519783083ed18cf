-- What was there before the run is booked from the first report of each venue. A funding payment
-- has one posting, named after its settlement, however often a venue repeats it.

alter table ledger_entries disable trigger ledger_entries_append_only;

update ledger_entries set posting = 'funding ' || paid.instrument_id || ' ' || paid.funding_at_ms
  from funding_payments as paid
  where ledger_entries.run_id = paid.run_id and ledger_entries.seq = paid.seq
    and ledger_entries.kind = 'funding';

alter table ledger_entries drop constraint ledger_entries_kind_check;
alter table ledger_entries add constraint ledger_entries_kind_check
  check (kind in ('fill', 'fee', 'funding', 'transfer'));
alter table ledger_entries drop constraint ledger_entries_account_check;
alter table ledger_entries add constraint ledger_entries_account_check
  check (account in ('position', 'market', 'wallet', 'fees', 'funding', 'transfers'));

-- Runs that are stored already were booked before any report could hold a position.
insert into ledger_entries
  select first.run_id, first.seq, side.line - 1, first.at_ms, 'opening ' || first.venue_id,
      side.line, 'transfer', null::text, first.venue_id, side.account, 'USD', side.sign * first.equity_usd
    from (
      select distinct on (run_id, venue_id) * from portfolio_snapshots order by run_id, venue_id, seq
    ) as first
    cross join (values (1, 'wallet', 1), (2, 'transfers', -1)) as side (line, account, sign)
    where first.equity_usd <> 0;

alter table ledger_entries enable trigger ledger_entries_append_only;

-- Every report says what is there; the first of a venue has been booked, and the others are news of
-- it. A venue that came to hold positions has more lines in its later reports, and they stay out.
create function keep_first_opening() returns trigger language plpgsql as $$
begin
  if exists (
    select from ledger_entries as booked
      where booked.run_id = new.run_id and booked.posting = new.posting and booked.seq <> new.seq
  ) then
    return null;
  end if;
  return new;
end
$$;

create trigger ledger_entries_opening
  before insert on ledger_entries for each row when (new.kind = 'transfer')
  execute function keep_first_opening();

-- What each account holds of each asset; over all accounts of a run every asset sums to zero.
create view ledger_balances as
  select run_id, venue_id, account, asset, sum(amount) as amount
    from ledger_entries group by run_id, venue_id, account, asset having sum(amount) <> 0;
