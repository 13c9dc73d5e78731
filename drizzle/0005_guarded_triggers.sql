-- One row of the invalidation feed a user, however often they change; tables that were emptied are news;
-- our functions find our tables under any search_path; and what a platform's default grants opened is closed.

-- In the order in which writers come by, so that none of them is in the middle of it.
LOCK TABLE "user", "session", "session_invalidation" IN SHARE ROW EXCLUSIVE MODE;
--> statement-breakpoint
DELETE FROM "session_invalidation" older USING "session_invalidation" newer
WHERE older.user_id = newer.user_id
  AND (older.user_updated_at, older.id) < (newer.user_updated_at, newer.id);
--> statement-breakpoint
CREATE UNIQUE INDEX "session_invalidation_user_id_idx" ON "session_invalidation" USING btree ("user_id") WHERE "session_invalidation"."user_id" is not null;
--> statement-breakpoint

-- Whoever gets here holds the user's row, so that two of them come one after the other: the row then has
-- the transaction that ends last. Readers go on from the oldest transaction under way, and find it.
-- With its owner's rights: a role of the app's own that could write news could not change any until now.
CREATE OR REPLACE FUNCTION note_changed_users() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO session_invalidation AS known (user_id, user_updated_at)
  SELECT id, updated_at FROM changed ORDER BY id
  ON CONFLICT (user_id) WHERE user_id IS NOT NULL DO UPDATE SET
    user_updated_at = greatest(known.user_updated_at, excluded.user_updated_at),
    transaction = excluded.transaction,
    at = excluded.at;
  RETURN NULL;
END $$;
--> statement-breakpoint

-- TRUNCATE calls no other trigger: a row that names nobody says to believe no copy from before it.
CREATE FUNCTION note_emptied_table() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO session_invalidation DEFAULT VALUES;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER session_emptied AFTER TRUNCATE ON "session"
  FOR EACH STATEMENT EXECUTE FUNCTION note_emptied_table();
--> statement-breakpoint
CREATE TRIGGER user_emptied AFTER TRUNCATE ON "user"
  FOR EACH STATEMENT EXECUTE FUNCTION note_emptied_table();
--> statement-breakpoint
CREATE TRIGGER session_invalidation_emptied AFTER TRUNCATE ON "session_invalidation"
  FOR EACH STATEMENT EXECUTE FUNCTION note_emptied_table();
--> statement-breakpoint

-- A trigger runs under its caller's search_path, which a dump leaves empty.
DO $$
DECLARE
  of_ours regproc;
BEGIN
  FOREACH of_ours IN ARRAY ARRAY[
    'note_ended_sessions', 'note_shortened_sessions', 'stamp_user', 'current_act',
    'record_begun_sessions', 'record_ended_sessions', 'end_opened_sessions',
    'record_activity', 'record_new_users', 'record_changed_user', 'record_changed_password',
    'refuse_rewriting'
  ]::regproc[] LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = public, pg_temp', of_ours::regprocedure);
  END LOOP;
END $$;
--> statement-breakpoint

-- These two are called for every row, and a function with settings of its own is not inlined: 20,000 endings
-- would take twice as long. Nothing but our own functions calls them, and they name what they need in full.
CREATE OR REPLACE FUNCTION session_snapshot(
  name text, user_agent text, ip_address text, city text, country text,
  sign_in_method text, created_at timestamptz, last_active_at timestamptz
) RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object(
    'name', name,
    'userAgent', nullif(user_agent, ''),
    'ipAddress', nullif(ip_address, ''),
    'city', city,
    'country', country,
    'signInMethod', sign_in_method,
    'createdAt', public.iso_moment(created_at),
    'lastActiveAt', public.iso_moment(last_active_at)
  )
$$;
--> statement-breakpoint

-- Platforms that offer the database as an API of its own (Supabase, Neon and the like) grant what is made in
-- `public` to roles that need no password. Called again after every migration (lib/db/migrate.ts).
CREATE FUNCTION close_tables(names text[]) RETURNS void LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
  closed record;
  grantee text;
BEGIN
  FOR closed IN
    SELECT CASE relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind, oid::regclass AS name
    FROM pg_class c
    WHERE pg_has_role(relowner, 'USAGE') AND (
      relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace AND relname = ANY (names)
      OR relkind = 'S' AND EXISTS (
        SELECT FROM pg_depend d JOIN pg_class t ON t.oid = d.refobjid
        WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
          AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
          AND t.relnamespace = 'public'::regnamespace AND t.relname = ANY (names)
      )
    )
  LOOP
    FOR grantee IN
      SELECT 'public' UNION ALL
      SELECT quote_ident(rolname) FROM pg_roles
      WHERE rolname IN ('anon', 'anonymous', 'web_anon', 'authenticated')
    LOOP
      EXECUTE format('REVOKE ALL ON %s %s FROM %s CASCADE', closed.kind, closed.name, grantee);
    END LOOP;
  END LOOP;
  -- These have their owner's rights: anybody's trigger on a table of their own could call them otherwise.
  FOR closed IN
    SELECT oid::regprocedure AS name FROM pg_proc
    WHERE proname IN ('note_changed_users', 'note_emptied_table')
      AND pronamespace = 'public'::regnamespace AND pg_has_role(proowner, 'USAGE')
  LOOP
    FOR grantee IN
      SELECT 'public' UNION ALL
      SELECT quote_ident(rolname) FROM pg_roles
      WHERE rolname IN ('anon', 'anonymous', 'web_anon', 'authenticated')
    LOOP
      EXECUTE format('REVOKE ALL ON FUNCTION %s FROM %s CASCADE', closed.name, grantee);
    END LOOP;
  END LOOP;
END $$;
--> statement-breakpoint
SELECT close_tables(ARRAY[
  'account', 'activity', 'rate_limit', 'session', 'session_invalidation', 'user', 'verification'
]);
