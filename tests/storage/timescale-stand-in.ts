// A stand-in for TimescaleDB in a database of the test's own: `create_hypertable` in both of its
// documented forms, which makes no chunks but refuses what the documentation says is refused. It
// shows that our migrations ask for what may be asked for, never that the real extension runs.
import { admin } from './test-server.ts';

const STAND_IN = `
  create schema standin;
  create table standin.hypertables (made regclass primary key, time_column name, chunk bigint);
  create type standin.dimension_info as (column_name name, chunk bigint);

  create function standin.refuse_unless(holds boolean, text text) returns void
    language plpgsql as $$ begin if not holds then raise exception '%', text; end if; end $$;

  create function standin.create_hypertable(
      relation regclass, dimension standin.dimension_info, create_default_indexes boolean = true,
      if_not_exists boolean = false, migrate_data boolean = false
    ) returns table (hypertable_id int, created boolean) language plpgsql as
    $$ begin raise exception 'the migrations use the form with a time column'; end $$;

  create function standin.create_hypertable(
      relation regclass, time_column_name name, partitioning_column name = null,
      number_partitions integer = null, chunk_time_interval anyelement = null::bigint,
      create_default_indexes boolean = true, if_not_exists boolean = false,
      migrate_data boolean = false
    ) returns table (hypertable_id int, created boolean) language plpgsql as $$
  declare
    place pg_attribute;
    is_empty boolean;
  begin
    if not pg_has_role((select relowner from pg_class where oid = relation), 'member') then
      raise exception 'must be owner of %', relation using errcode = 'insufficient_privilege';
    end if;
    perform standin.refuse_unless(
      not exists (select from standin.hypertables where made = relation),
      format('table %s is already a hypertable', relation));
    perform standin.refuse_unless(
      (select relkind = 'r' from pg_class where oid = relation) and not exists
        (select from pg_inherits where relation in (inhrelid, inhparent)),
      format('table %s is partitioned already', relation));
    select * into place from pg_attribute where attrelid = relation and attname = time_column_name;
    perform standin.refuse_unless(found, format('column %s does not exist', time_column_name));
    perform standin.refuse_unless(
      place.atttypid in ('smallint'::regtype, 'integer'::regtype, 'bigint'::regtype)
        and place.attgenerated = '' and pg_typeof(chunk_time_interval) = place.atttypid::regtype
        and chunk_time_interval is not null,
      format('time %s needs a chunk of its own integer type', time_column_name));
    perform standin.refuse_unless(
      not exists (select from pg_index where indrelid = relation
        and (indisunique or indisexclusion) and not place.attnum = any (indkey)),
      format('cannot create a unique index without the column %s', time_column_name));
    perform standin.refuse_unless(
      not exists (select from pg_constraint join standin.hypertables
        on made in (conrelid, confrelid) and relation in (conrelid, confrelid)
        where contype = 'f'),
      format('hypertable %s and another one refer to each other', relation));
    perform standin.refuse_unless(
      not exists (select from pg_trigger where tgrelid = relation
        and (tgoldtable is not null or tgnewtable is not null)),
      format('triggers with transition tables are not supported on %s', relation));
    execute format('select not exists (select from %s)', relation) into is_empty;
    perform standin.refuse_unless(is_empty or migrate_data, format('%s is not empty', relation));
    execute format('alter table %s alter column %I set not null', relation, time_column_name);
    if create_default_indexes then
      execute format('create index on %s (%I desc)', relation, time_column_name);
    end if;
    insert into standin.hypertables values (relation, time_column_name, chunk_time_interval);
    return query select 1, true;
  end $$;

  grant usage on schema standin to public;
  grant select, insert on standin.hypertables to public;
  insert into pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
    select 99999, 'timescaledb', 10, 'standin'::regnamespace, false, 'stand-in';
`;

/** What a role sees that may read every setting of a server with the extension. */
const SUPERUSER_VIEW = `
  create view standin.pg_available_extensions as select 'timescaledb'::name as name;
  create function standin.current_setting(name text) returns text language sql as
    $$ select case name when 'shared_preload_libraries' then 'timescaledb'
      else pg_catalog.current_setting(name) end $$;
`;

export interface StandIn {
  /** The loader's own setting, which any role sees where the library is preloaded. */
  readonly hasLoaderSetting: boolean;
  readonly hasSuperuserView: boolean;
}

/** Puts the stand-in into the database with this address, for every later session. */
export async function addStandIn(url: string, { hasLoaderSetting, hasSuperuserView }: StandIn) {
  const name = new URL(url).pathname.slice(1);
  await admin(STAND_IN, url);
  if (hasLoaderSetting) {
    await admin(`alter database ${name} set timescaledb.disable_load = off`, url);
  }
  if (!hasSuperuserView) return;
  await admin(SUPERUSER_VIEW, url);
  // Ours come before those of the catalogue, which otherwise is always looked at first.
  await admin(`alter database ${name} set search_path = public, standin, pg_catalog`, url);
}
