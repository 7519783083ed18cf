drop view ledger_balances;
drop trigger ledger_entries_opening on ledger_entries;
drop function keep_first_opening();

alter table ledger_entries disable trigger ledger_entries_append_only;
delete from ledger_entries where kind = 'transfer';
alter table ledger_entries enable trigger ledger_entries_append_only;

alter table ledger_entries drop constraint ledger_entries_account_check;
alter table ledger_entries add constraint ledger_entries_account_check
  check (account in ('position', 'market', 'wallet', 'fees', 'funding'));
alter table ledger_entries drop constraint ledger_entries_kind_check;
alter table ledger_entries add constraint ledger_entries_kind_check
  check (kind in ('fill', 'fee', 'funding'));
