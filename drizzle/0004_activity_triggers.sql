-- What happened to accounts is written down here, by the database itself, in the transaction that
-- does it: our endpoints, Better Auth's, a script and plain SQL all count, and an act that cannot be
-- recorded has not happened. Who did it, from where and why travels in the transaction's own setting
-- `app.act` (lib/activity/act.ts); without one, somebody at the database did it.

-- Answers '' after a transaction that had one, on the same connection.
CREATE FUNCTION current_act() RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT coalesce(nullif(current_setting('app.act', true), '')::jsonb, '{}'::jsonb)
$$;
--> statement-breakpoint

-- A moment as JavaScript writes it.
CREATE FUNCTION iso_moment(moment timestamptz) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;
--> statement-breakpoint

-- What is kept of a session's row once it is gone. It must never take the token.
CREATE FUNCTION session_snapshot(
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
    'createdAt', iso_moment(created_at),
    'lastActiveAt', iso_moment(last_active_at)
  )
$$;
--> statement-breakpoint

-- An act that only gives a session another id (`replaces`) begins none.
CREATE FUNCTION record_begun_sessions() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  act jsonb := current_act();
BEGIN
  IF act ->> 'replaces' IS NOT NULL THEN
    RETURN NULL;
  END IF;
  INSERT INTO activity (
    user_id, kind, actor, actor_id, session_id, ip_address, user_agent, city, country, detail
  )
  SELECT
    user_id,
    CASE WHEN impersonated_by IS NULL THEN 'sign-in' ELSE 'impersonation-started' END,
    CASE WHEN impersonated_by IS NULL THEN coalesce(act ->> 'actor', 'user') ELSE 'admin' END,
    coalesce(impersonated_by, CASE act ->> 'actor' WHEN 'admin' THEN act ->> 'actorId' END),
    id, nullif(ip_address, ''), nullif(user_agent, ''), city, country,
    jsonb_build_object('session', session_snapshot(
      name, user_agent, ip_address, city, country, sign_in_method, created_at, last_active_at
    ))
  FROM begun;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER session_begun_recorded AFTER INSERT ON "session"
  REFERENCING NEW TABLE AS begun
  FOR EACH STATEMENT EXECUTE FUNCTION record_begun_sessions();
--> statement-breakpoint

-- Nobody ends a session that has expired, whoever removes its row. A session that goes with its user
-- leaves nothing behind: there is nobody left to tell, and no row to refer to.
CREATE FUNCTION record_ended_sessions() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  act jsonb := current_act();
  lifetime interval := make_interval(secs => (act ->> 'absoluteLifetime')::double precision);
  -- With "Remember me" off.
  forgotten_lifetime interval := least(
    lifetime, make_interval(secs => (act ->> 'forgottenLifetime')::double precision)
  );
BEGIN
  INSERT INTO activity (
    user_id, kind, actor, actor_id, session_id, ip_address, user_agent, city, country, detail
  )
  SELECT
    e.user_id, e.kind, e.actor,
    CASE
      WHEN e.actor <> 'admin' THEN NULL
      WHEN act ->> 'actor' = 'admin' THEN coalesce(act ->> 'actorId', e.impersonated_by)
      ELSE e.impersonated_by
    END,
    e.id,
    CASE WHEN e.actor <> 'system' THEN nullif(act ->> 'ipAddress', '') END,
    CASE WHEN e.actor <> 'system' THEN nullif(act ->> 'userAgent', '') END,
    CASE WHEN e.actor <> 'system' THEN act ->> 'city' END,
    CASE WHEN e.actor <> 'system' THEN act ->> 'country' END,
    jsonb_build_object('session', session_snapshot(
      e.name, e.user_agent, e.ip_address, e.city, e.country,
      e.sign_in_method, e.created_at, e.last_active_at
    )) || jsonb_strip_nulls(jsonb_build_object('bySessionId',
      CASE WHEN e.actor <> 'system' THEN act ->> 'sessionId' END
    )) || jsonb_strip_nulls(jsonb_build_object('reason',
      CASE e.kind
        WHEN 'session-expired' THEN CASE
          WHEN act ->> 'kind' = 'session-expired' AND act ->> 'reason' IS NOT NULL
            THEN act ->> 'reason'
          -- What an application's clock adds to a lifetime is not exact to the last digit.
          WHEN e.expires_at >= e.created_at - interval '1 second'
            + CASE WHEN e.remembered THEN lifetime ELSE forgotten_lifetime END THEN 'absolute'
          ELSE 'idle'
        END
        WHEN 'session-revoked' THEN coalesce(act ->> 'reason', 'database')
        WHEN 'impersonation-ended' THEN NULL
        ELSE act ->> 'reason'
      END
    ))
  FROM (
    SELECT k.*, CASE
      WHEN k.kind = 'session-expired' OR k.expires_at <= now() THEN 'system'
      -- It is the administrator who signs out of a session that looks like the user's.
      WHEN k.kind = 'impersonation-ended' AND act ->> 'kind' = 'sign-out' THEN 'admin'
      ELSE coalesce(act ->> 'actor', 'system')
    END AS actor
    FROM (
      SELECT ended.*, CASE
        -- Also when it has expired: by its kind the user's pages know whose device not to show.
        WHEN impersonated_by IS NOT NULL THEN 'impersonation-ended'
        WHEN expires_at <= now() THEN 'session-expired'
        WHEN act ->> 'kind' IN ('sign-out', 'session-revoked', 'session-expired', 'session-limit')
          THEN act ->> 'kind'
        ELSE 'session-revoked'
      END AS kind
      FROM ended
      WHERE id IS DISTINCT FROM act ->> 'replaces'
    ) k
  ) e
  JOIN "user" u ON u.id = e.user_id
  -- A user who is being deleted meanwhile is waited for, and then is not there; where both wait for
  -- each other the database ends one of them, which is to be tried again.
  FOR KEY SHARE OF u;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER session_ended_recorded AFTER DELETE ON "session"
  REFERENCING OLD TABLE AS ended
  FOR EACH STATEMENT EXECUTE FUNCTION record_ended_sessions();
--> statement-breakpoint

-- An administrator's look at somebody's account ends with the session they opened it from, whichever
-- way that ended: a stolen laptop is not left inside other people's accounts.
CREATE FUNCTION end_opened_sessions() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  act jsonb := current_act();
BEGIN
  -- Deleting nothing would call this again, without end.
  IF EXISTS (SELECT FROM "session" JOIN ended ON "session".opened_by_session_id = ended.id) THEN
    -- Whoever ends their own session is an administrator to those they looked at.
    IF act ->> 'actor' = 'user' THEN
      PERFORM set_config('app.act', (act || '{"actor": "admin"}')::text, true);
    END IF;
    DELETE FROM "session" USING ended WHERE "session".opened_by_session_id = ended.id;
    PERFORM set_config('app.act', act::text, true);
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER session_opened_ended AFTER DELETE ON "session"
  REFERENCING OLD TABLE AS ended
  FOR EACH STATEMENT EXECUTE FUNCTION end_opened_sessions();
--> statement-breakpoint

-- One event of an account, done by whoever the act names, or by nobody.
CREATE FUNCTION record_activity(of_user text, kind text, detail jsonb, by_nobody boolean)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  act jsonb := CASE WHEN by_nobody THEN '{}'::jsonb ELSE current_act() END;
  actor text := coalesce(act ->> 'actor', 'system');
BEGIN
  IF actor = 'system' THEN
    act := '{}'::jsonb;
  END IF;
  INSERT INTO activity (
    user_id, kind, actor, actor_id, session_id, ip_address, user_agent, city, country, detail
  ) VALUES (
    of_user, kind, actor,
    CASE actor WHEN 'admin' THEN act ->> 'actorId' END,
    -- By the user: from which of their sessions. An administrator's is not theirs to know.
    CASE actor WHEN 'user' THEN act ->> 'sessionId' END,
    nullif(act ->> 'ipAddress', ''), nullif(act ->> 'userAgent', ''),
    act ->> 'city', act ->> 'country',
    detail
  );
END $$;
--> statement-breakpoint
CREATE FUNCTION record_new_users() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM record_activity(id, 'sign-up', '{}', false) FROM added;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER user_added_recorded AFTER INSERT ON "user"
  REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION record_new_users();
--> statement-breakpoint

-- Most updates of a user are none of these: the trigger's condition keeps them as cheap as they were.
CREATE FUNCTION record_changed_user() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.email_verified AND NOT OLD.email_verified THEN
    PERFORM record_activity(NEW.id, 'email-verified', '{}', false);
  END IF;
  IF NEW.role IS DISTINCT FROM OLD.role THEN
    PERFORM record_activity(
      NEW.id, 'role-changed', jsonb_build_object('from', OLD.role, 'to', NEW.role), false
    );
  END IF;
  -- Another reason or another end is another ban, also over one that has run out unnoticed.
  IF NEW.banned IS TRUE AND (
    OLD.banned IS NOT TRUE
    OR NEW.ban_reason IS DISTINCT FROM OLD.ban_reason
    OR NEW.ban_expires IS DISTINCT FROM OLD.ban_expires
  ) THEN
    PERFORM record_activity(
      NEW.id, 'user-banned',
      jsonb_build_object('banReason', NEW.ban_reason, 'banExpires', iso_moment(NEW.ban_expires)),
      false
    );
  ELSIF OLD.banned IS TRUE AND NEW.banned IS NOT TRUE THEN
    -- A ban that has run out is lifted at the next sign-in, by nobody.
    PERFORM record_activity(
      NEW.id, 'user-unbanned', '{}', coalesce(OLD.ban_expires <= now(), false)
    );
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER user_changed_recorded AFTER UPDATE ON "user"
  FOR EACH ROW WHEN (
    NEW.email_verified IS DISTINCT FROM OLD.email_verified
    OR NEW.role IS DISTINCT FROM OLD.role
    OR NEW.banned IS DISTINCT FROM OLD.banned
    OR NEW.ban_reason IS DISTINCT FROM OLD.ban_reason
    OR NEW.ban_expires IS DISTINCT FROM OLD.ban_expires
  )
  EXECUTE FUNCTION record_changed_user();
--> statement-breakpoint
CREATE FUNCTION record_changed_password() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM record_activity(
    NEW.user_id,
    CASE current_act() ->> 'kind' WHEN 'password-reset' THEN 'password-reset' ELSE 'password-changed' END,
    '{}', false
  );
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER password_changed_recorded AFTER UPDATE ON "account"
  FOR EACH ROW WHEN (NEW.password IS DISTINCT FROM OLD.password)
  EXECUTE FUNCTION record_changed_password();
--> statement-breakpoint

-- Who resets a password need not have had one.
CREATE TRIGGER password_added_recorded AFTER INSERT ON "account"
  FOR EACH ROW WHEN (NEW.password IS NOT NULL AND current_act() ->> 'kind' = 'password-reset')
  EXECUTE FUNCTION record_changed_password();
--> statement-breakpoint

-- What is written stays as it was written. Deleting is for retention, and for a user who goes.
CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The activity is append-only.' USING ERRCODE = 'restrict_violation';
END $$;
--> statement-breakpoint
CREATE TRIGGER activity_append_only BEFORE UPDATE ON "activity"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
