"use client"
/**
 * Who is signed in, at the end of the header: a place of the same size until that is known, a link
 * to sign in, or the account's menu. Part of the landing page: it may import nothing heavier.
 */
import { LayoutDashboard, LogOut, Settings, Users } from "lucide-react"
import { usePathname, useRouter } from "next/navigation"
import { type MouseEvent, useState } from "react"
import { Avatar } from "@/components/ui/avatar"
import { Menu, MenuItem, MenuLink, MenuSeparator } from "@/components/ui/menu"
import { Skeleton } from "@/components/ui/skeleton"
import { Spinner } from "@/components/ui/spinner"
import { homePath, signInPath } from "@/lib/routes"
import type { SessionUser } from "@/lib/sessions/view"
import { useSession } from "@/lib/use-session"

export function AccountMenu() {
  const { data: session, isPending, error } = useSession()
  return (
    <div className="flex h-10 min-w-17 items-center justify-end">
      {session ? (
        <SignedIn user={session.user} />
      ) : isPending || error ? (
        // Not being able to tell is not the same as signed out.
        <Skeleton className="size-8 rounded-full" />
      ) : (
        <a
          href={signInPath}
          className="flex h-10 items-center whitespace-nowrap rounded-md border bg-card px-3 font-medium transition-colors hover:bg-accent md:h-8"
        >
          Sign in
        </a>
      )}
    </div>
  )
}

function SignedIn({ user }: { user: SessionUser }) {
  const [signingOut, setSigningOut] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const follow = useFollow()

  async function signOut() {
    if (signingOut) return
    setSigningOut(true)
    setProblem(null)
    const failed = await endSession()
    // A full navigation: nothing of the account stays in the tab's memory or behind "back".
    if (failed === null) return window.location.assign("/")
    setProblem(failed)
    setSigningOut(false)
  }

  return (
    <Menu
      label="Account menu"
      triggerClassName="-mr-1 grid size-10 place-items-center rounded-full"
      trigger={<Avatar name={user.name} image={user.image} />}
      header={
        <div className="-mx-1 mb-1 border-b px-3 pt-1.5 pb-2.5">
          <p className="truncate font-medium">{user.name}</p>
          <p className="truncate text-muted-foreground">{user.email}</p>
        </div>
      }
      footer={
        problem && (
          <p role="alert" className="px-2 py-1.5 text-destructive">
            {problem}
          </p>
        )
      }
    >
      <MenuLink href={homePath} onClick={follow}>
        <LayoutDashboard aria-hidden="true" />
        Dashboard
      </MenuLink>
      <MenuLink href="/settings/profile" onClick={follow}>
        <Settings aria-hidden="true" />
        Settings
      </MenuLink>
      {user.role === "admin" && (
        <MenuLink href="/admin/users" onClick={follow}>
          <Users aria-hidden="true" />
          Admin
        </MenuLink>
      )}
      <MenuSeparator />
      <MenuItem stay onClick={signOut} aria-busy={signingOut || undefined}>
        {signingOut ? <Spinner /> : <LogOut aria-hidden="true" />}
        Sign out
      </MenuItem>
    </Menu>
  )
}

/** Signs out on the server; null when that is done, else the sentence that says why not. */
async function endSession(): Promise<string | null> {
  const [{ signOut }, { errorMessage }] = await Promise.all([
    import("@/lib/auth-client"),
    import("@/lib/errors"),
  ])
  const { error } = await signOut()
  return error ? errorMessage(error) : null
}

/** Follows a link within the app softly; from the landing page the browser loads the page anew. */
function useFollow() {
  const router = useRouter()
  const onLandingPage = usePathname() === "/"
  return (event: MouseEvent<HTMLAnchorElement>) => {
    const opensElsewhere = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey
    if (onLandingPage || opensElsewhere) return
    event.preventDefault()
    router.push(event.currentTarget.pathname)
  }
}
