/** The header with the account in it, for every page that shows who is signed in. */
import { AccountMenu, AccountMenuSkeleton } from "./account-menu"
import { HeaderBar } from "./header-bar"

export function SiteHeader() {
  return (
    <HeaderBar>
      <AccountMenu />
    </HeaderBar>
  )
}

/** Its place while the server is still reading the session. */
export function SiteHeaderSkeleton() {
  return (
    <HeaderBar>
      <AccountMenuSkeleton />
    </HeaderBar>
  )
}
