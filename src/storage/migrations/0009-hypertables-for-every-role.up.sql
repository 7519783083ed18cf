-- What 0006 does, for roles that it passed over: it asks for the preloaded libraries, which most
-- may not read. A setting of TimescaleDB's loader may be read by everybody, and it is there only
-- where the library is preloaded; without that, whoever touches the extension loses the connection.
-- Tables that are hypertables already, and servers without TimescaleDB, stay as they are.

do $$
declare
  wanted text;
  home name;
begin
  if current_setting('timescaledb.disable_load', true) is null then
    return;
  end if;
  create extension if not exists timescaledb;
  -- It may live in a schema that the search path does not have.
  select nspname into strict home
    from pg_extension join pg_namespace as place on place.oid = extnamespace
    where extname = 'timescaledb';
  foreach wanted in array array[
    'transitions', 'opportunities', 'portfolio_snapshots', 'positions', 'stream_health'
  ] loop
    continue when exists (
      select from pg_constraint join pg_attribute on attrelid = conrelid and attnum = any (conkey)
        where conrelid = wanted::regclass and contype = 'p' and attname = 'at_ms'
    );
    -- A hypertable has its time in every key; the record determines it, so the key stays as strict.
    execute format('alter table %I drop constraint %I', wanted, wanted || '_pkey');
    execute format('alter table %I add primary key (run_id, seq, ordinal, at_ms)', wanted);
    execute format(
      'select %I.create_hypertable(%L, %L, chunk_time_interval => 86400000::bigint, '
        'migrate_data => true)',
      home, wanted, 'at_ms'
    );
  end loop;
exception
  -- Whoever may not create extensions has the plain tables; the block is rolled back as a whole.
  when insufficient_privilege then return;
end
$$;
