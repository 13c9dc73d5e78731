/** Imported by tests that use the database: opens it first, so that no query has to wait for that. */
import { beforeAll } from "vitest"
import { openDatabase } from "@/lib/db/migrate"

beforeAll(openDatabase)
