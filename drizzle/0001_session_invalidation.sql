CREATE TABLE "session_invalidation" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"session_id" text,
	"user_id" text,
	"user_updated_at" timestamp with time zone,
	"transaction" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE INDEX "session_invalidation_transaction_idx" ON "session_invalidation" USING btree ("transaction");--> statement-breakpoint
CREATE INDEX "session_invalidation_at_idx" ON "session_invalidation" USING btree ("at");