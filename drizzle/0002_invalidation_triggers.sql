-- The invalidation feed is written here, by the database itself, so that no path around it exists:
-- our endpoints, Better Auth's, a cascade and plain SQL all count. Read by lib/sessions/invalidation.ts.

-- A session that has expired by itself is believed by nobody, so cleaning it up is no news.
CREATE FUNCTION note_ended_sessions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO session_invalidation (session_id)
  SELECT id FROM ended WHERE expires_at > now();
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER session_ended AFTER DELETE ON "session"
  REFERENCING OLD TABLE AS ended
  FOR EACH STATEMENT EXECUTE FUNCTION note_ended_sessions();
--> statement-breakpoint

-- An expiry that was moved closer ends cached copies, which still hold the old one.
CREATE FUNCTION note_shortened_sessions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO session_invalidation (session_id)
  SELECT after.id FROM after JOIN before USING (id) WHERE after.expires_at < before.expires_at;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER session_shortened AFTER UPDATE ON "session"
  REFERENCING OLD TABLE AS before NEW TABLE AS after
  FOR EACH STATEMENT EXECUTE FUNCTION note_shortened_sessions();
--> statement-breakpoint

-- A copy of a user is as old as its updated_at, which therefore moves with every change, by the
-- database's clock, and by a millisecond at least: JavaScript's dates see no less.
CREATE FUNCTION stamp_user() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at := date_trunc(
    'milliseconds',
    greatest(clock_timestamp(), OLD.updated_at + interval '1 millisecond')
  );
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER user_stamped BEFORE UPDATE ON "user"
  FOR EACH ROW EXECUTE FUNCTION stamp_user();
--> statement-breakpoint
CREATE FUNCTION note_changed_users() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO session_invalidation (user_id, user_updated_at)
  SELECT id, updated_at FROM changed;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER user_changed AFTER UPDATE ON "user"
  REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION note_changed_users();
