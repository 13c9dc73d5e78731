/** The users and sessions that benchmarks read, written straight into the database. */
import { createHmac } from "node:crypto"
import postgres from "postgres"

/** As `/api/me` answers it, to the byte. */
export const sampleUser = {
  id: "user-1",
  name: "Ana",
  email: "user-1@example.com",
  emailVerified: true,
  image: null,
  createdAt: "2026-01-01T00:00:00.000Z",
  updatedAt: "2026-01-01T00:00:00.000Z",
}

const browser =
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36"

/** Runs `work` with a connection of its own, which has no statement timeout. */
export async function withSql<T>(url: string, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  try {
    // Nobody has signed in: without this, each sample session would be an event of its user's activity.
    await sql`select set_config('app.act', '{"replaces":"none"}', false)`
    return await work(sql)
  } finally {
    await sql.end()
  }
}

/** Adds `user-1` to `user-<count>`. */
export async function addUsers(sql: postgres.Sql, count: number): Promise<void> {
  await sql`
    insert into "user" (id, name, email, email_verified, created_at, updated_at)
    select 'user-' || n, 'Ana', 'user-' || n || '@example.com', true,
      ${sampleUser.createdAt}, ${sampleUser.updatedAt}
    from generate_series(1, ${count}::int) n`
}

const insertSessions = (sql: postgres.Sql, count: number, users: number) => sql`
  insert into session (id, token, user_id, expires_at, ip_address, user_agent)
  select gen_random_uuid(), replace(gen_random_uuid()::text, '-', ''),
    'user-' || 1 + n % ${users}::int, now() + interval '2 days', '192.0.2.1', ${browser}
  from generate_series(1, ${count}::int) n`

/** Adds `count` sessions, dealt out to `user-1` to `user-<users>` in turn. */
export async function addSessions(sql: postgres.Sql, count: number, users = 1): Promise<void> {
  await insertSessions(sql, count, users)
}

export type SampleSession = { id: string; cookie: string }

/** Adds `count` sessions of `user-1` and answers each with the cookie that proves its token. */
export async function signIn(
  sql: postgres.Sql,
  count: number,
  secret: string,
): Promise<SampleSession[]> {
  const rows = await sql<{ id: string; token: string }[]>`
    ${insertSessions(sql, count, 1)} returning id, token`
  return rows.map(({ id, token }) => {
    const signature = createHmac("sha256", secret).update(token).digest("base64")
    return { id, cookie: `better-auth.session_token=${token}.${encodeURIComponent(signature)}` }
  })
}

/** The `Cookie` header of a browser that sent `cookie` and got `answer`, with its cached session. */
export function withCachedSession(cookie: string, answer: Response): string {
  const pairs = answer.headers.getSetCookie().map((set) => set.split(";")[0] ?? "")
  const data = pairs.find((pair) => pair.startsWith("better-auth.session_data="))
  if (!data) throw new Error(`The session was not cached (${answer.status}).`)
  return `${cookie}; ${data}`
}
