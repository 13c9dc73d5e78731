/** Who else is at the database: nothing of ours is open to them, and nothing of theirs misleads our triggers. */
import "@/lib/testing/own-database"

import { randomUUID } from "node:crypto"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { sql } from "drizzle-orm"
import postgres from "postgres"
import { afterAll, describe, expect, it } from "vitest"
import { db } from "@/lib/db"
import { ownUrl } from "@/lib/testing/own-database"
import "@/lib/testing/database"
import { migratePostgres } from "./migrate"
import { rowsOf } from "./rows"

describe("our triggers, under a search_path that is empty", () => {
  const id = randomUUID()
  const values = `'${id}', 'Ana', '${id}@example.com'`
  const end = "now() + interval '1 day'"
  const statements = [
    `insert into public."user" (id, name, email) values (${values})`,
    `insert into public.session (id, token, user_id, expires_at) values ('${id}', '${id}', '${id}', ${end})`,
    `insert into public.account (id, account_id, provider_id, user_id, password) values ('${id}', '1', 'credential', '${id}', 'x')`,
    "update public.session set expires_at = now() + interval '1 hour'",
    "update public.account set password = 'y'",
    `update public."user" set name = 'Bea', role = 'admin', banned = true, email_verified = true`,
    `update public."user" set banned = false, ban_expires = now()`,
    `insert into public.session (id, token, user_id, expires_at, opened_by_session_id) values ('as-${id}', 'as-${id}', '${id}', ${end}, '${id}')`,
    `delete from public.session where id = '${id}'`,
    "truncate public.session",
    `delete from public."user"`,
    `truncate public."user" cascade`,
    "truncate public.session_invalidation",
  ]

  it.each(["''", "pg_temp", "other, pg_temp"])("of %s do what they do", async (path) => {
    const rollback = new Error("This was only to see.")
    const run = db.transaction(async (tx) => {
      await tx.execute(sql.raw("create schema other"))
      // Of the same names, as somebody could make them in a schema of theirs.
      for (const table of ["session", "session_invalidation", "activity", '"user"']) {
        await tx.execute(sql.raw(`create table other.${table} (nothing int)`))
      }
      await tx.execute(sql.raw(`set local search_path = ${path}`))
      for (const statement of statements) await tx.execute(sql.raw(statement))
      throw rollback
    })
    await expect(run).rejects.toBe(rollback)
  })

  it("is held by a path of their own, or by naming what they need in full", async () => {
    const functions = await rowsOf<{ name: string }>(
      db.execute(sql`
        select proname as name from pg_proc
        where pronamespace = 'public'::regnamespace and proconfig is null
        order by 1`),
    )
    expect(functions.map(({ name }) => name)).toEqual(["iso_moment", "session_snapshot"])
  })
})

describe("a role of the app's own", () => {
  if (!ownUrl) {
    it("is not in the embedded database", () => expect(ownUrl).toBeUndefined())
    return
  }
  const admin = postgres(ownUrl, { max: 1, onnotice: () => {} })
  const role = `app_${randomUUID().slice(0, 8)}`
  afterAll(async () => {
    await admin.unsafe(`drop owned by ${role}; drop role ${role}`)
    await admin.end()
  })

  it("can do what the app does with the grants of the guide, and no more", async () => {
    const guide = readFileSync(join(process.cwd(), "docs/deploy.md"), "utf8")
    const [, grants = ""] = /```sql\n(grant usage on schema drizzle[\s\S]*?)```/.exec(guide) ?? []
    await admin.unsafe(`create role ${role}`)
    await admin.unsafe(grants.replaceAll("to app;", `to ${role};`))
    await admin.unsafe(`set role ${role}`)
    const id = randomUUID()
    const statements = [
      `insert into "user" (id, name, email) values ('${id}', 'Ana', '${id}')`,
      `insert into session (id, token, user_id, expires_at) values ('${id}', '${id}', '${id}', now() + interval '1 day')`,
      `update "user" set name = 'Bea', banned = true where id = '${id}'`,
      `update "user" set name = 'Cleo' where id = '${id}'`,
      `delete from session where id = '${id}'`,
      "delete from session_invalidation where id in (select id from session_invalidation for update skip locked)",
      `delete from "user" where id = '${id}'`,
    ]
    for (const statement of statements) await admin.unsafe(statement)
    const forge = admin.unsafe("update session_invalidation set user_id = 'other'")
    await expect(forge).rejects.toMatchObject({ code: "42501" })
    // Nor by a trigger on a table of its own, which would run with our rights.
    await admin.unsafe("create temp table own (id text, updated_at timestamptz)")
    for (const [event, name] of [
      ["insert on own referencing new table as changed", "note_changed_users"],
      ["truncate on own", "note_emptied_table"],
    ]) {
      const trigger = `create trigger ${name} after ${event} for each statement execute function ${name}()`
      await expect(admin.unsafe(trigger)).rejects.toMatchObject({ code: "42501" })
    }
    await admin.unsafe("reset role")
  })
})

describe("roles that a platform grants everything", () => {
  if (!ownUrl) {
    it("are not in the embedded database", () => expect(ownUrl).toBeUndefined())
    return
  }
  const url = new URL(ownUrl)
  const names = ["anon", "authenticated"]
  const admin = postgres(ownUrl, { max: 1, onnotice: () => {} })
  const made: string[] = []
  afterAll(async () => {
    await admin.unsafe(`drop owned by ${names.join(", ")}`)
    for (const name of made) {
      // Somebody else on this server may be using it by now.
      const [used] = await admin`select from pg_shdepend where refobjid = ${name}::regrole`
      if (!used) await admin.unsafe(`drop role ${name}`)
    }
    await admin.end()
  })

  it("may see, change and count nothing of ours, also of tables that come later", async () => {
    for (const name of names) {
      const [known] = await admin`select from pg_roles where rolname = ${name}`
      if (known) continue
      await admin.unsafe(`create role ${name}`)
      made.push(name)
    }
    const to = names.join(", ")
    await admin.unsafe(`grant usage on schema public to ${to}`)
    for (const kind of ["tables", "sequences", "functions"]) {
      await admin.unsafe(`alter default privileges in schema public grant all on ${kind} to ${to}`)
    }
    // As a platform with these defaults has it from the first migration on.
    await admin.unsafe("drop schema public, drizzle cascade; create schema public")
    await admin.unsafe(`grant usage on schema public to ${to}`)
    for (const kind of ["tables", "sequences", "functions"]) {
      await admin.unsafe(`alter default privileges in schema public grant all on ${kind} to ${to}`)
    }
    await migratePostgres(url.href)
    const tables = await admin`select tablename as name from pg_tables where schemaname = 'public'`
    expect(tables.length).toBeGreaterThanOrEqual(7)
    const check = async () => {
      for (const role of names) {
        await admin.unsafe(`set role ${role}`)
        for (const { name } of tables) {
          for (const statement of [
            `select * from public."${name}"`,
            `delete from public."${name}"`,
            `update public."${name}" set id = '1'`,
            `insert into public."${name}" default values`,
            `truncate public."${name}"`,
          ]) {
            await expect(admin.unsafe(statement)).rejects.toMatchObject({ code: "42501" })
          }
        }
        for (const sequence of ["activity_id_seq", "session_invalidation_id_seq"]) {
          const next = admin.unsafe(`select nextval('public.${sequence}')`)
          await expect(next).rejects.toMatchObject({ code: "42501" })
        }
        const forge = `select public.record_activity('${randomUUID()}', 'sign-in', '{}', false)`
        await expect(admin.unsafe(forge)).rejects.toMatchObject({ code: "42501" })
        await admin.unsafe("reset role")
      }
    }
    await check()
    // What a later migration made, or a restore, is closed by the next run.
    await admin.unsafe(`grant all on all tables in schema public to ${to}, public`)
    await admin.unsafe(`grant all on all sequences in schema public to ${to}`)
    await migratePostgres(url.href)
    await check()
  })
})
