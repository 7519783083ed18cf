create or replace function keep_first_opening() returns trigger language plpgsql as $$
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

alter table ledger_entries disable trigger ledger_entries_append_only;
delete from ledger_entries where kind = 'insurance';
alter table ledger_entries enable trigger ledger_entries_append_only;

alter table ledger_entries drop constraint ledger_entries_account_check;
alter table ledger_entries add constraint ledger_entries_account_check
  check (account in ('position', 'market', 'wallet', 'fees', 'funding', 'transfers'));
alter table ledger_entries drop constraint ledger_entries_kind_check;
alter table ledger_entries add constraint ledger_entries_kind_check
  check (kind in ('fill', 'fee', 'funding', 'transfer'));
