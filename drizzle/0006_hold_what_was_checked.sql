-- Whoever begins, ends or changes something of an account holds that user's row first, and looks again
-- while holding it. So nothing begins while its end is being written, whichever path writes either.
-- What is refused here has a SQLSTATE of its own, which lib/db/refusals.ts turns into an answer.

-- Locks the users in one order, so that two of these wait for each other instead of blocking each other.
CREATE FUNCTION hold_users(ids text[]) RETURNS void LANGUAGE sql
SET search_path = public, pg_temp AS $$
  SELECT FROM "user" WHERE id = ANY (ids) ORDER BY id FOR NO KEY UPDATE
$$;
--> statement-breakpoint

CREATE FUNCTION is_banned(banned boolean, ban_expires timestamptz) RETURNS boolean LANGUAGE sql VOLATILE
SET search_path = public, pg_temp AS $$
  SELECT coalesce(banned, false) AND (ban_expires IS NULL OR ban_expires > clock_timestamp())
$$;
--> statement-breakpoint

-- Which stored password an act rests on is told by its fingerprint: the hash itself goes nowhere.
CREATE FUNCTION password_fingerprint(password text) RETURNS text LANGUAGE sql IMMUTABLE
SET search_path = public, pg_temp AS $$
  SELECT encode(sha256(convert_to(password, 'UTF8')), 'hex')
$$;
--> statement-breakpoint

-- A session begins only while everything that was checked before still holds.
CREATE FUNCTION admit_session() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
  act jsonb := current_act();
  proved text := act ->> 'provedPassword';
BEGIN
  PERFORM hold_users(ARRAY[NEW.user_id, NEW.impersonated_by]);
  IF NOT EXISTS (SELECT FROM "user" WHERE id = NEW.user_id) THEN
    RAISE EXCEPTION 'There is no such user any more.'
      USING ERRCODE = CASE WHEN NEW.impersonated_by IS NULL THEN '23B02' ELSE '23B07' END;
  END IF;
  -- A ban that has run out is lifted, unless it is another one by now.
  UPDATE "user" SET banned = false, ban_reason = NULL, ban_expires = NULL
  WHERE id = NEW.user_id AND banned AND NOT is_banned(banned, ban_expires);
  IF EXISTS (SELECT FROM "user" WHERE id = NEW.user_id AND banned) THEN
    RAISE EXCEPTION 'This user is banned.'
      USING ERRCODE = CASE WHEN NEW.impersonated_by IS NULL THEN '23B01' ELSE '23B03' END;
  END IF;
  -- A changed password begins its new session itself; the change has been checked.
  IF proved IS NOT NULL AND act ->> 'replaces' IS NULL AND NOT EXISTS (
    SELECT FROM "account" a
    WHERE a.user_id = NEW.user_id AND password_fingerprint(a.password) = proved
  ) THEN
    RAISE EXCEPTION 'The password has changed meanwhile.' USING ERRCODE = '23B02';
  END IF;
  -- A restored row was admitted when it began: it is inserted without an act.
  IF NEW.impersonated_by IS NOT NULL AND act <> '{}' THEN
    PERFORM FROM "session" WHERE id = NEW.opened_by_session_id FOR KEY SHARE;
    IF NOT FOUND AND NEW.opened_by_session_id IS NOT NULL THEN
      RAISE EXCEPTION 'The administrator was signed out.' USING ERRCODE = '23B04';
    ELSIF NOT EXISTS (
      SELECT FROM "user"
      WHERE id = NEW.impersonated_by AND role = 'admin' AND NOT is_banned(banned, ban_expires)
    ) THEN
      RAISE EXCEPTION 'The administrator is none any more.' USING ERRCODE = '23B05';
    ELSIF EXISTS (SELECT FROM "user" WHERE id = NEW.user_id AND role = 'admin') THEN
      RAISE EXCEPTION 'This user is an administrator.' USING ERRCODE = '23B06';
    END IF;
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER session_admitted BEFORE INSERT ON "session"
  FOR EACH ROW EXECUTE FUNCTION admit_session();
--> statement-breakpoint

-- Who is banned has no sessions, and who is no administrator sees no accounts: also by plain SQL.
CREATE FUNCTION end_forfeited_sessions() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
  act jsonb := current_act();
BEGIN
  IF is_banned(NEW.banned, NEW.ban_expires) THEN
    PERFORM set_config('app.act', (act || '{"reason": "banned"}')::text, true);
    DELETE FROM "session" WHERE user_id = NEW.id OR impersonated_by = NEW.id;
    PERFORM set_config('app.act', act::text, true);
  ELSIF NEW.role IS DISTINCT FROM OLD.role THEN
    -- Nobody looks at an administrator's account, and nobody but administrators at others'.
    DELETE FROM "session"
    WHERE (impersonated_by = NEW.id AND NEW.role IS DISTINCT FROM 'admin')
      OR (user_id = NEW.id AND impersonated_by IS NOT NULL AND NEW.role = 'admin');
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
-- Named to fire after the change itself is recorded.
CREATE TRIGGER user_forfeits_sessions AFTER UPDATE ON "user"
  FOR EACH ROW WHEN (
    NEW.role IS DISTINCT FROM OLD.role
    OR NEW.banned IS DISTINCT FROM OLD.banned
    OR NEW.ban_expires IS DISTINCT FROM OLD.ban_expires
  )
  EXECUTE FUNCTION end_forfeited_sessions();
--> statement-breakpoint

-- What waits for a second step, such as a code, rests on what the first one has proved.
CREATE FUNCTION admit_verification() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
  proved text := current_act() ->> 'provedPassword';
BEGIN
  PERFORM hold_users(ARRAY[NEW.value]);
  IF proved IS NOT NULL AND EXISTS (
    SELECT FROM "account" a WHERE a.user_id = NEW.value AND a.password IS NOT NULL
  ) AND NOT EXISTS (
    SELECT FROM "account" a
    WHERE a.user_id = NEW.value AND password_fingerprint(a.password) = proved
  ) THEN
    RAISE EXCEPTION 'The password has changed meanwhile.' USING ERRCODE = '23B02';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER verification_admitted BEFORE INSERT ON "verification"
  FOR EACH ROW EXECUTE FUNCTION admit_verification();
--> statement-breakpoint

-- A password that an act rests on must still be the account's when the act replaces it.
CREATE FUNCTION admit_password() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
  proved text := current_act() ->> 'provedPassword';
BEGIN
  PERFORM hold_users(ARRAY[NEW.user_id]);
  IF proved IS NOT NULL AND password_fingerprint(OLD.password) IS DISTINCT FROM proved THEN
    RAISE EXCEPTION 'The password has changed meanwhile.' USING ERRCODE = '23B02';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER password_admitted BEFORE UPDATE ON "account"
  FOR EACH ROW WHEN (NEW.password IS DISTINCT FROM OLD.password)
  EXECUTE FUNCTION admit_password();
--> statement-breakpoint

-- Links, codes and sign-ins under way from before a change of password or address end with it: all that
-- names the user, whichever plugin of Better Auth wrote it. (A link to confirm an address is no such row.)
CREATE FUNCTION end_verifications(of_user text, of_email text) RETURNS void LANGUAGE sql
SET search_path = public, pg_temp AS $$
  DELETE FROM "verification"
  WHERE value = of_user
    OR position('"' || of_user || '"' IN value) > 0
    OR position('"' || of_email || '"' IN value) > 0
    OR identifier = of_email
    OR right(identifier, length(of_email) + 1) IN ('-' || of_email, ':' || of_email)
$$;
--> statement-breakpoint
CREATE FUNCTION end_outdated_verifications() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_TABLE_NAME = 'user' THEN
    PERFORM end_verifications(OLD.id, OLD.email);
  ELSE
    -- Of who signs up in this very transaction there are none.
    PERFORM end_verifications(id, email) FROM "user"
    WHERE id = NEW.user_id AND xmin <> pg_current_xact_id()::xid;
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER password_changed_ends AFTER UPDATE ON "account"
  FOR EACH ROW WHEN (NEW.password IS DISTINCT FROM OLD.password)
  EXECUTE FUNCTION end_outdated_verifications();
--> statement-breakpoint
CREATE TRIGGER password_added_ends AFTER INSERT ON "account"
  FOR EACH ROW WHEN (NEW.password IS NOT NULL)
  EXECUTE FUNCTION end_outdated_verifications();
--> statement-breakpoint
CREATE TRIGGER email_changed_ends AFTER UPDATE ON "user"
  FOR EACH ROW WHEN (NEW.email IS DISTINCT FROM OLD.email)
  EXECUTE FUNCTION end_outdated_verifications();
--> statement-breakpoint

-- A session whose token, user, beginning or id is another one by now is over too: its copy still says otherwise.
CREATE OR REPLACE FUNCTION note_shortened_sessions() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO session_invalidation (session_id)
  SELECT before.id FROM before LEFT JOIN after ON after.id = before.id
  WHERE after.id IS NULL
    OR after.expires_at < before.expires_at
    OR after.created_at < before.created_at
    OR after.token <> before.token
    OR after.user_id <> before.user_id;
  RETURN NULL;
END $$;
