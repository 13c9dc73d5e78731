import { expect, it } from "vitest"
import { errorMessage } from "@/lib/errors"
import { adminErrors } from "./errors"

it.each(Object.values(adminErrors))("$code is the same sentence on the page", (error) => {
  for (const status of [400, 403, 404])
    expect(errorMessage({ status, ...error })).toBe(error.message)
})
