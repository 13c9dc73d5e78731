/** Set a new password, coming from the link in a mail. The token must not travel on by referrer. */
import type { Metadata } from "next"
import { AuthHeading } from "@/components/auth/auth-heading"
import { ResetPasswordForm } from "@/components/auth/reset-password-form"
import { TextLink } from "@/components/auth/text-link"
import { buttonVariants } from "@/components/ui/button"
import { signInPath } from "@/lib/routes"

export const metadata: Metadata = { title: "Set a new password", referrer: "no-referrer" }

export default async function ResetPasswordPage({ searchParams }: PageProps<"/reset-password">) {
  const { token, error } = await searchParams

  if (error || typeof token !== "string" || !token) {
    return (
      <>
        <AuthHeading title="This link does not work any more">
          A link to set a new password works once, and for one hour. Get a new one and use the
          latest mail.
        </AuthHeading>
        <a href="/forgot-password" className={buttonVariants({ className: "w-full" })}>
          Get a new link
        </a>
        <p className="mt-6">
          <TextLink href={signInPath}>Back to sign in</TextLink>
        </p>
      </>
    )
  }

  return (
    <>
      <AuthHeading title="Set a new password" />
      <ResetPasswordForm token={token} />
    </>
  )
}
