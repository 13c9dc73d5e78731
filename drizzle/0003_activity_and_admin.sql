CREATE TABLE "activity" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"user_id" text NOT NULL,
	"kind" text NOT NULL,
	"actor" text NOT NULL,
	"actor_id" text,
	"session_id" text,
	"ip_address" text,
	"user_agent" text,
	"city" text,
	"country" text,
	"detail" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"transaction" "xid8" DEFAULT pg_current_xact_id() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "activity" ADD CONSTRAINT "activity_user_id_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."user"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
CREATE INDEX "activity_user_id_idx" ON "activity" USING btree ("user_id","kind",(-"id"));
--> statement-breakpoint
CREATE INDEX "activity_at_idx" ON "activity" USING btree ("at");
--> statement-breakpoint
CREATE INDEX "activity_transaction_idx" ON "activity" USING btree ("transaction");
--> statement-breakpoint
CREATE INDEX "rate_limit_last_request_idx" ON "rate_limit" USING btree ("last_request");
--> statement-breakpoint
CREATE INDEX "user_created_at_idx" ON "user" USING btree ("created_at","id");
--> statement-breakpoint
CREATE INDEX "user_name_search_idx" ON "user" USING btree (lower("name") text_pattern_ops,"id");
--> statement-breakpoint
CREATE INDEX "user_email_search_idx" ON "user" USING btree (lower("email") text_pattern_ops,"id");
--> statement-breakpoint
CREATE INDEX "verification_expires_at_idx" ON "verification" USING btree ("expires_at");
--> statement-breakpoint
ALTER TABLE "session" ADD COLUMN "remembered" boolean DEFAULT true NOT NULL;
--> statement-breakpoint
ALTER TABLE "session" ADD COLUMN "impersonated_by" text;
--> statement-breakpoint
ALTER TABLE "session" ADD COLUMN "opened_by_session_id" text;
--> statement-breakpoint
ALTER TABLE "user" ADD COLUMN "role" text DEFAULT 'user';
--> statement-breakpoint
ALTER TABLE "user" ADD COLUMN "banned" boolean DEFAULT false;
--> statement-breakpoint
ALTER TABLE "user" ADD COLUMN "ban_reason" text;
--> statement-breakpoint
ALTER TABLE "user" ADD COLUMN "ban_expires" timestamp with time zone;
--> statement-breakpoint
CREATE INDEX "session_impersonated_by_idx" ON "session" USING btree ("impersonated_by") WHERE "session"."impersonated_by" is not null;
--> statement-breakpoint
CREATE INDEX "session_opened_by_session_id_idx" ON "session" USING btree ("opened_by_session_id") WHERE "session"."opened_by_session_id" is not null;
