/** Make an account, and go where one was going. */
import type { Metadata } from "next"
import { FollowSignIn } from "@/components/auth/follow-sign-in"
import { MailNote } from "@/components/auth/mail-note"
import { SignUpForm } from "@/components/auth/sign-up-form"
import { TextLink } from "@/components/auth/text-link"
import { env } from "@/lib/env"
import { isMailConfigured } from "@/lib/mail"
import { signInUrl } from "@/lib/routes"
import { safeRedirect } from "@/lib/safe-redirect"
import { requireGuest } from "@/lib/session"

export const metadata: Metadata = { title: "Create an account" }

export default async function SignUpPage({ searchParams }: PageProps<"/sign-up">) {
  await requireGuest()
  const target = safeRedirect((await searchParams).callbackUrl)

  return (
    <>
      <FollowSignIn callbackUrl={target} />
      <SignUpForm callbackUrl={target} mailConfigured={isMailConfigured} />
      <p className="my-6 text-muted-foreground">
        Have an account? <TextLink href={signInUrl(target)}>Sign in</TextLink>
      </p>
      {!isMailConfigured && (
        <MailNote outbox={env.NODE_ENV !== "production"}>
          Mail is not set up on this server, so your address is not checked and you are signed in at
          once.
        </MailNote>
      )}
    </>
  )
}
