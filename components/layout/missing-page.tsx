/** What every "not found" says. */
import { MessagePage, messageActionClass } from "./message-page"

export function MissingPage() {
  return (
    <MessagePage
      title="Page not found"
      text="There is nothing at this address. Check it for a typo, or start again from the home page."
      action={
        <a href="/" className={messageActionClass}>
          Go to the home page
        </a>
      }
    />
  )
}
