/** Ask for a link to set a new password. */
import type { Metadata } from "next"
import { ForgotPasswordForm } from "@/components/auth/forgot-password-form"
import { MailNote } from "@/components/auth/mail-note"
import { TextLink } from "@/components/auth/text-link"
import { env } from "@/lib/env"
import { isMailConfigured } from "@/lib/mail"
import { signInPath } from "@/lib/routes"

export const metadata: Metadata = { title: "Forgot your password?" }

export default function ForgotPasswordPage() {
  const isProduction = env.NODE_ENV === "production"
  return (
    <>
      <ForgotPasswordForm>
        {!isMailConfigured && (
          <MailNote outbox={!isProduction}>
            Mail is not set up on this server
            {isProduction ? ", so the link cannot reach you. Ask whoever runs it." : "."}
          </MailNote>
        )}
      </ForgotPasswordForm>
      <p className="mt-6">
        <TextLink href={signInPath}>Back to sign in</TextLink>
      </p>
    </>
  )
}
