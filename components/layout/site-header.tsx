/** The header with the account in it, for every page that shows who is signed in. */
import { AccountMenu } from "./account-menu"
import { HeaderBar } from "./header-bar"

export function SiteHeader() {
  return (
    <HeaderBar>
      <AccountMenu />
    </HeaderBar>
  )
}
