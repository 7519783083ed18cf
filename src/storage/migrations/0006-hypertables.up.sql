-- Where TimescaleDB is loaded and we may use it, the tables that only grow become hypertables with
-- a chunk per day. Elsewhere nothing happens: every table is as it was.

do $$
declare
  name text;
begin
  if not exists (select from pg_available_extensions as known where known.name = 'timescaledb')
     or current_setting('shared_preload_libraries') not like '%timescaledb%' then
    return;
  end if;
  create extension if not exists timescaledb;
  foreach name in array array[
    'transitions', 'opportunities', 'portfolio_snapshots', 'positions', 'stream_health'
  ] loop
    -- A hypertable has its time in every key; the record determines it, so the key stays as strict.
    execute format('alter table %I drop constraint %I', name, name || '_pkey');
    execute format('alter table %I add primary key (run_id, seq, ordinal, at_ms)', name);
    execute format(
      'select create_hypertable(%L, %L, chunk_time_interval => 86400000::bigint, migrate_data => true)',
      name, 'at_ms'
    );
  end loop;
exception
  -- Whoever may not create extensions has the plain tables; the block is rolled back as a whole.
  when insufficient_privilege then return;
end
$$;
