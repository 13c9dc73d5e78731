/** Where the link in a verification mail ends, and where a new one can be had. */
import type { Metadata } from "next"
import { AuthHeading } from "@/components/auth/auth-heading"
import { TextLink } from "@/components/auth/text-link"
import { VerificationForm } from "@/components/auth/verification-form"
import { buttonVariants } from "@/components/ui/button"
import { signInPath } from "@/lib/routes"
import { safeRedirect } from "@/lib/safe-redirect"

export const metadata: Metadata = { title: "Verify your email address", referrer: "no-referrer" }

export default async function VerifyEmailPage({ searchParams }: PageProps<"/verify-email">) {
  const { verified, error, callbackUrl } = await searchParams
  const target = safeRedirect(callbackUrl)

  // A link that failed comes back with both, as `verified` was part of where it wanted to go.
  if (verified === "1" && !error) {
    return (
      <>
        <AuthHeading title="Your email address is verified">
          Thank you. Everything is ready for you.
        </AuthHeading>
        <a href={target} className={buttonVariants({ className: "w-full" })}>
          Continue
        </a>
      </>
    )
  }

  const [title, text] = error
    ? [
        error === "TOKEN_EXPIRED" ? "This link has expired" : "This link does not work",
        "A verification link works for a limited time. Enter your email address to get a new one.",
      ]
    : [
        "Verify your email address",
        "Open the link in the mail we sent you. If it did not arrive, get another one here.",
      ]

  return (
    <>
      <AuthHeading title={title}>{text}</AuthHeading>
      <VerificationForm callbackUrl={target} />
      <p className="mt-6">
        <TextLink href={signInPath}>Back to sign in</TextLink>
      </p>
    </>
  )
}
