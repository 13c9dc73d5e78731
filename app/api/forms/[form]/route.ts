/** The forms that work without a script: signing out, here or elsewhere. */
import { handleForm } from "@/lib/auth/forms"

export async function POST(request: Request, { params }: { params: Promise<{ form: string }> }) {
  return handleForm(request, (await params).form)
}
