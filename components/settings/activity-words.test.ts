import { describe, expect, it } from "vitest"
import { type ActivityItem, activityKinds, endingKinds } from "@/lib/activity/view"
import {
  activityDetails,
  activitySentence,
  areWorthALook,
  endingSentence,
  isWorthALook,
  sessionPlace,
} from "./activity-words"

const mac = {
  device: { type: "desktop", browser: "Chrome", os: "macOS", label: "Chrome on macOS" },
  ipAddress: "203.0.113.7",
  location: { city: "Paris", country: "FR" },
} as const

const phone = {
  id: "phone",
  name: null,
  device: { type: "mobile", browser: "Safari", os: "iOS", label: "Safari on iPhone" },
  ipAddress: "198.51.100.4",
  location: { city: "Lyon", country: "FR" },
  createdAt: new Date(0),
  current: false,
} as const

const unknown = { type: "unknown", browser: null, os: null, label: "Unknown device" } as const

const event = (parts: Partial<ActivityItem> = {}): ActivityItem => ({
  id: 1,
  at: new Date(0),
  kind: "session-revoked",
  actor: "user",
  reason: null,
  from: mac,
  session: phone,
  detail: {},
  ...parts,
})

describe("activitySentence", () => {
  it.each<[string, Partial<ActivityItem>]>([
    ["Created the account", { kind: "sign-up" }],
    ["Signed in", { kind: "sign-in" }],
    ["Someone entered a wrong password", { kind: "sign-in-failed", reason: "password" }],
    [
      "Someone tried to sign in while the account was banned",
      { kind: "sign-in-failed", reason: "banned" },
    ],
    [
      "Someone tried to sign in before the email address was verified",
      { kind: "sign-in-failed", reason: "email-not-verified" },
    ],
    ["Signed out", { kind: "sign-out" }],
    ["Signed out Safari on iPhone", { reason: "user" }],
    ["Signed out Ana's (Safari on iPhone)", { session: { ...phone, name: "Ana's" } }],
    ["Signed out an unknown device", { session: { ...phone, device: unknown } }],
    ["Signed out a device", { session: null }],
    ["Signed out Safari on iPhone: you signed in there again", { reason: "replaced" }],
    ["Signed out Safari on iPhone: the password was changed", { reason: "password-changed" }],
    ["Signed out Safari on iPhone: the password was reset", { reason: "password-reset" }],
    [
      "Signed out Safari on iPhone: the service ended the session",
      { actor: "system", reason: "database" },
    ],
    ["An administrator signed out Safari on iPhone", { actor: "admin", reason: "admin" }],
    [
      "An administrator signed out Safari on iPhone: the account was banned",
      { actor: "admin", reason: "banned" },
    ],
    [
      "Signed out Safari on iPhone automatically: not used for a while",
      { kind: "session-expired", actor: "system", reason: "idle" },
    ],
    [
      "Signed out Safari on iPhone automatically: it had been signed in for as long as is allowed",
      { kind: "session-expired", actor: "system", reason: "absolute" },
    ],
    [
      "Signed out Safari on iPhone: you were signed in on too many devices",
      { kind: "session-limit", actor: "system" },
    ],
    ["Changed the password", { kind: "password-changed" }],
    ["An administrator changed the password", { kind: "password-changed", actor: "admin" }],
    ["Set a new password by a link from an email", { kind: "password-reset" }],
    ["Verified the email address", { kind: "email-verified" }],
    [
      "An administrator changed your role from user to admin",
      { kind: "role-changed", actor: "admin", detail: { from: "user", to: "admin" } },
    ],
    [
      "Your role was changed from user to admin",
      { kind: "role-changed", actor: "system", detail: { from: "user", to: "admin" } },
    ],
    [
      "An administrator banned the account until 1 Jan 2027, 12:00:00 UTC: spam",
      {
        kind: "user-banned",
        actor: "admin",
        detail: { banReason: "spam", banExpires: "2027-01-01T12:00:00Z" },
      },
    ],
    ["The account was banned", { kind: "user-banned", actor: "system" }],
    ["An administrator lifted the ban", { kind: "user-unbanned", actor: "admin" }],
    ["The ban on the account ended", { kind: "user-unbanned", actor: "system" }],
    [
      "An administrator began viewing the app as you",
      { kind: "impersonation-started", actor: "admin", session: null },
    ],
    [
      "Signed out an administrator who was viewing the app as you",
      { kind: "impersonation-ended", session: null },
    ],
    [
      "An administrator stopped viewing the app as you",
      { kind: "impersonation-ended", actor: "admin", session: null },
    ],
  ])("%s", (sentence, parts) => {
    expect(activitySentence(event(parts))).toBe(sentence)
  })

  it("has words for every kind, whoever did it and whatever is missing", () => {
    for (const kind of activityKinds) {
      for (const actor of ["user", "admin", "system"] as const) {
        for (const reason of [null, "brand-new", "constructor", "toString"]) {
          const words = activitySentence(event({ kind, actor, reason, from: null, session: null }))
          expect(words).toMatch(/^[A-Z][\w',: ]+$/)
          expect(words).not.toMatch(/undefined|null|brand-new|function|Object|: *$| {2}/)
        }
      }
    }
  })

  it.each<[string, Partial<ActivityItem>]>([
    ["Signed out Safari on iPhone: the user signed in there again", { reason: "replaced" }],
    [
      "Signed out Safari on iPhone: the user was signed in on too many devices",
      { kind: "session-limit", actor: "system" },
    ],
    [
      "An administrator changed the user's role from user to admin",
      { kind: "role-changed", actor: "admin", detail: { from: "user", to: "admin" } },
    ],
    ["The user's role was changed", { kind: "role-changed", actor: "system" }],
    [
      "An administrator stopped viewing the app as this user",
      { kind: "impersonation-ended", actor: "admin" },
    ],
  ])("to an administrator: %s", (sentence, parts) => {
    expect(activitySentence(event(parts), "admin")).toBe(sentence)
  })

  it("never calls an administrator the user, nor leaves out a reason that the user reads", () => {
    const reasons = ["user", "replaced", "password-changed", "password-reset", "banned", "idle"]
    for (const kind of activityKinds) {
      for (const actor of ["user", "admin", "system"] as const) {
        for (const reason of reasons) {
          const parts = event({ kind, actor, reason })
          const toAdmin = activitySentence(parts, "admin")
          expect(toAdmin).not.toMatch(/\byour?\b/i)
          const toUser = activitySentence(parts)
          expect(toAdmin.includes(": ")).toBe(toUser.includes(": "))
        }
      }
    }
  })

  it("gives no name to an administrator", () => {
    for (const kind of activityKinds) {
      const words = activitySentence(event({ kind, actor: "admin" }))
      if (words.includes("dministrator")) expect(words).toMatch(/^An administrator /)
    }
  })
})

describe("endingSentence", () => {
  it.each<[string, Partial<ActivityItem>]>([
    ["Signed out by you from the list of devices", { reason: "user" }],
    ["Signed out on the device itself", { kind: "sign-out" }],
    ["Signed out: the password was changed", { reason: "password-changed" }],
    ["Signed out automatically: not used for a while", { kind: "session-expired", reason: "idle" }],
    ["Signed out: you were signed in on too many devices", { kind: "session-limit" }],
    ["An administrator signed out this device", { actor: "admin", reason: "admin" }],
  ])("%s", (sentence, parts) => {
    expect(endingSentence(event(parts))).toBe(sentence)
  })

  it("has words for every way in which a session ends", () => {
    for (const kind of endingKinds) {
      for (const actor of ["user", "admin", "system"] as const) {
        expect(endingSentence(event({ kind, actor }))).toMatch(/^[A-Z][\w',: ]+$/)
      }
    }
  })
})

describe("activityDetails", () => {
  it("tells from where it was done", () => {
    expect(activityDetails(event())).toBe("Chrome on macOS · Paris, FR · 203.0.113.7")
  })

  it("tells where the session was when nobody did it", () => {
    expect(activityDetails(event({ from: null }))).toBe("Lyon, FR · 198.51.100.4")
  })

  it("is empty when nothing is known", () => {
    expect(activityDetails(event({ from: null, session: null }))).toBe("")
  })
})

describe("sessionPlace", () => {
  it("joins no device to the address of another", () => {
    expect(activityDetails(event())).toBe("Chrome on macOS · Paris, FR · 203.0.113.7")
    expect(sessionPlace(event())).toBe("The session: Safari on iPhone · Lyon, FR · 198.51.100.4")
  })

  it("is empty where both are the same, or one is not known", () => {
    expect(sessionPlace(event({ session: { ...phone, ...mac } }))).toBe("")
    expect(sessionPlace(event({ from: null }))).toBe("")
    expect(sessionPlace(event({ session: null }))).toBe("")
  })
})

describe("isWorthALook", () => {
  const strange = { ...mac, device: unknown }

  it("notices wrong passwords and sign-ins from devices nobody can name", () => {
    expect(isWorthALook(event({ kind: "sign-in-failed", reason: "password" }))).toBe(true)
    expect(isWorthALook(event({ kind: "sign-in", from: strange }))).toBe(true)
    expect(isWorthALook(event({ kind: "sign-in" }))).toBe(false)
    expect(isWorthALook(event({ kind: "sign-out", from: strange }))).toBe(false)
    expect(isWorthALook(event({ kind: "sign-in-failed", reason: "email-not-verified" }))).toBe(
      false,
    )
  })

  it("is content once the password has been changed since", () => {
    const failed = event({ kind: "sign-in-failed", reason: "password" })
    const changed = event({ kind: "password-changed" })
    expect(areWorthALook([event(), failed, event()])).toBe(true)
    expect(areWorthALook([changed, failed])).toBe(false)
    expect(areWorthALook([failed, changed])).toBe(true)
    expect(areWorthALook([])).toBe(false)
  })
})
