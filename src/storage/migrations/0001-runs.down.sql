drop table transitions;
drop table runtime_state;
drop table runs;
