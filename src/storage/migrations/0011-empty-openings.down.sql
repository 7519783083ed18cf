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
    new.amount := new.amount - booked_usd * case new.account when 'wallet' then 1 else -1 end;
    if new.amount = 0 then
      return null;
    end if;
  end if;
  return new;
end
$$;

alter table ledger_entries disable trigger ledger_entries_append_only;
delete from ledger_entries where amount = 0;
alter table ledger_entries enable trigger ledger_entries_append_only;

alter table ledger_entries drop constraint ledger_entries_amount_check;
alter table ledger_entries add constraint ledger_entries_amount_check check (amount <> 0);
