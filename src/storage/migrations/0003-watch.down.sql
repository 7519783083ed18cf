drop table operator_actions;
drop function refuse_change();
drop table incidents;
drop table stream_health;
drop table positions;
drop table portfolio_snapshots;
