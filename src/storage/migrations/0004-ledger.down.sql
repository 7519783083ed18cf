drop table ledger_entries;
drop function refuse_unbalanced();
