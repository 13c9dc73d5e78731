"use client"
/**
 * Who is signed in, at the end of the header: a place of the same size until that is known, a link
 * to sign in, or the account's menu. Part of the landing page: it may import nothing heavier.
 */
import { CloudOff, LayoutDashboard, LogOut, Settings, Users } from "lucide-react"
import { usePathname, useRouter } from "next/navigation"
import { type FormEvent, type MouseEvent, type ReactNode, useState } from "react"
import { OwnAvatar } from "@/components/own-avatar"
import { SessionState } from "@/components/session-state"
import { Menu, MenuItem, MenuLink, MenuSeparator } from "@/components/ui/menu"
import { Skeleton } from "@/components/ui/skeleton"
import { Spinner } from "@/components/ui/spinner"
import { homePath, sessionForms, signInPath } from "@/lib/routes"
import type { SessionUser } from "@/lib/sessions/view"
import { useSession } from "@/lib/use-session"

const cannotCheck = "Your session cannot be checked just now. This is what was last known."

/** Also stands for the menu while the server is still reading the session. */
export function AccountMenuSkeleton() {
  return (
    <Place>
      <Skeleton className="size-8 rounded-full" />
    </Place>
  )
}

export function AccountMenu() {
  return (
    <SessionState loading={<AccountMenuSkeleton />} signedOut={<SignedOut />}>
      {({ user }) => <SignedIn user={user} />}
    </SessionState>
  )
}

/** Of one size whoever is signed in, so that nothing beside it moves. */
function Place({ children }: { children: ReactNode }) {
  return <div className="flex h-10 min-w-17 items-center justify-end">{children}</div>
}

function SignedOut() {
  return (
    <Place>
      <a
        href={signInPath}
        className="flex h-10 items-center whitespace-nowrap rounded-md border bg-card px-3 font-medium transition-colors hover:bg-accent md:h-8"
      >
        Sign in
      </a>
    </Place>
  )
}

function SignedIn({ user }: { user: SessionUser }) {
  const { error } = useSession()
  const [signingOut, setSigningOut] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const follow = useFollow()

  async function signOut(event: FormEvent) {
    // Until React is here the form is sent as it stands, and signs out as well.
    event.preventDefault()
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
    <Place>
      <span role="status" className="sr-only">
        {error && cannotCheck}
      </span>
      <Menu
        label="Account menu"
        triggerClassName="relative -mr-1 grid size-10 place-items-center rounded-full"
        trigger={
          <>
            <OwnAvatar name={user.name} image={user.image} />
            {error && (
              <span className="absolute right-0 bottom-0 grid size-4.5 place-items-center rounded-full border bg-card text-muted-foreground">
                <CloudOff aria-hidden="true" className="size-3" />
              </span>
            )}
          </>
        }
        header={
          <div className="-mx-1 mb-1 border-b px-3 pt-1.5 pb-2.5">
            <p className="truncate font-medium">{user.name}</p>
            <p className="truncate text-muted-foreground">{user.email}</p>
            {error && (
              <p aria-hidden="true" className="mt-1.5 text-muted-foreground text-xs">
                {cannotCheck}
              </p>
            )}
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
        <form role="none" method="post" action={sessionForms.signOut} onSubmit={signOut}>
          <MenuItem stay type="submit" aria-busy={signingOut || undefined}>
            {signingOut ? <Spinner /> : <LogOut aria-hidden="true" />}
            Sign out
          </MenuItem>
        </form>
      </Menu>
    </Place>
  )
}

/** Signs out on the server; null when that is done, else the sentence that says why not. */
async function endSession(): Promise<string | null> {
  // The landing page pays for this only when it is pressed.
  try {
    const [{ signOut }, { errorMessage }] = await Promise.all([
      import("@/lib/auth-client"),
      import("@/lib/errors"),
    ])
    const { error } = await signOut()
    return error ? errorMessage(error) : null
  } catch {
    // Nothing of it has reached the server, nor perhaps this page the sentences for that.
    return "The server could not be reached. Check your connection and try again."
  }
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
