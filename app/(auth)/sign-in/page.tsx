/** Sign in, and go where one was going. */
import type { Metadata } from "next"
import { AuthHeading } from "@/components/auth/auth-heading"
import { FollowSignIn } from "@/components/auth/follow-sign-in"
import { SignInForm } from "@/components/auth/sign-in-form"
import { TextLink } from "@/components/auth/text-link"
import { Alert } from "@/components/ui/alert"
import { safeRedirect } from "@/lib/safe-redirect"
import { requireGuest } from "@/lib/session"

export const metadata: Metadata = { title: "Sign in" }

export default async function SignInPage({ searchParams }: PageProps<"/sign-in">) {
  await requireGuest()
  const { callbackUrl, reason, reset } = await searchParams
  const target = safeRedirect(callbackUrl)

  return (
    <>
      <AuthHeading title="Sign in" />
      {reason === "signed-out" && (
        <Alert className="mb-4">You were signed out. Sign in again to go on.</Alert>
      )}
      {reset === "1" && (
        <Alert variant="success" className="mb-4">
          Your password is changed, and every device is signed out. Sign in with the new one.
        </Alert>
      )}
      <FollowSignIn callbackUrl={target} />
      <SignInForm callbackUrl={target} />
      <p className="mt-6 text-muted-foreground">
        New here?{" "}
        <TextLink href={`/sign-up?callbackUrl=${encodeURIComponent(target)}`}>
          Create an account
        </TextLink>
      </p>
    </>
  )
}
