"use client"
/** One device of the list: what it is, where and when it was active, and the way to sign it out. */
import { Pencil } from "lucide-react"
import { type FormEvent, type RefObject, useRef, useState } from "react"
import { flushSync } from "react-dom"
import { TimeAgo } from "@/components/time-ago"
import { Alert } from "@/components/ui/alert"
import { Badge } from "@/components/ui/badge"
import { Button } from "@/components/ui/button"
import { Skeleton } from "@/components/ui/skeleton"
import { sessionForms } from "@/lib/routes"
import type { SessionListItem } from "@/lib/sessions/view"
import { DeviceIcon } from "./device-icon"
import { RenameSession } from "./rename-session"
import { sessionDetails } from "./session-words"

export type SessionRowProps = {
  session: SessionListItem
  serverNow: number
  /** Collapsed, while the server is being asked to sign it out. */
  leaving: boolean
  failure: string | undefined
  onSignOut: () => void
  onRename: (name: string | null) => void
}

export function SessionRow(props: SessionRowProps) {
  const { session, serverNow, leaving, failure, onSignOut, onRename } = props
  const { id, current, name, device, lastActiveAt } = session
  const row = useRef<HTMLLIElement>(null)
  const pencil = useRef<HTMLButtonElement>(null)
  const [renaming, setRenaming] = useState(false)

  function closeRename() {
    // At once, so that the pencil is there to take the focus back.
    flushSync(() => setRenaming(false))
    pencil.current?.focus()
  }

  function signOut(event: FormEvent) {
    // Until React is here the form is sent as it stands, and does the same.
    event.preventDefault()
    focusNeighbour(row.current)
    onSignOut()
  }

  return (
    <li
      ref={row}
      tabIndex={-1}
      inert={leaving}
      data-leaving={leaving || undefined}
      className="group grid grid-rows-[1fr] transition-[grid-template-rows,opacity,visibility] duration-150 focus-visible:-outline-offset-2 data-leaving:invisible data-leaving:grid-rows-[0fr] data-leaving:opacity-0"
    >
      <div className="min-h-0 overflow-hidden border-b group-last:border-b-0">
        <div className="grid grid-cols-[auto_1fr_auto] gap-x-3 gap-y-1 px-4 py-3 sm:gap-x-4 sm:px-6">
          <span className="col-start-1 row-start-1 row-end-4 mt-0.5 grid size-9 place-items-center rounded-md bg-secondary text-muted-foreground sm:row-end-3">
            <DeviceIcon type={device.type} />
          </span>
          {renaming ? (
            <div className="col-start-2 col-end-4 row-start-1">
              <RenameSession
                label={device.label}
                name={name}
                onSave={onRename}
                onClose={closeRename}
              />
            </div>
          ) : (
            <>
              <SessionTitle session={session} pencil={pencil} onRename={() => setRenaming(true)} />
              {!current && (
                <form
                  method="post"
                  action={sessionForms.revokeSession}
                  onSubmit={signOut}
                  className="col-start-3 row-start-1 justify-self-end"
                >
                  <input type="hidden" name="id" value={id} />
                  <Button
                    type="submit"
                    variant="danger"
                    size="sm"
                    aria-label={`Sign out ${device.label}`}
                    aria-describedby={`${id}-details`}
                    // The second press of a double click lands on the row that has moved up.
                    onClick={(event) => event.detail > 1 && event.preventDefault()}
                  >
                    Sign out
                  </Button>
                </form>
              )}
            </>
          )}
          <p
            id={`${id}-details`}
            className="wrap-anywhere col-start-2 col-end-4 row-start-2 text-muted-foreground sm:col-end-3"
          >
            {sessionDetails(session)}
          </p>
          <p className="col-start-2 col-end-4 row-start-3 text-muted-foreground sm:col-start-3 sm:row-start-2 sm:text-right">
            {current ? (
              <TimeAgo date={lastActiveAt} serverNow={serverNow}>
                Active now
              </TimeAgo>
            ) : (
              <>
                Active <TimeAgo date={lastActiveAt} serverNow={serverNow} />
              </>
            )}
          </p>
          {failure && (
            <Alert
              variant="destructive"
              className="col-start-1 col-end-4 row-start-4 mt-2 sm:col-start-2"
            >
              {failure}
            </Alert>
          )}
        </div>
      </div>
    </li>
  )
}

type SessionTitleProps = {
  session: SessionListItem
  pencil: RefObject<HTMLButtonElement | null>
  onRename: () => void
}

function SessionTitle({ session, pencil, onRename }: SessionTitleProps) {
  const { current, name, device } = session
  return (
    <div className="col-start-2 row-start-1 flex min-h-10 min-w-0 items-center gap-1 md:min-h-8">
      <div className="flex min-w-0 flex-wrap items-center gap-x-2">
        <span className="wrap-anywhere font-medium">{device.label}</span>
        {current && <Badge variant="brand">This device</Badge>}
        {name && <span className="wrap-anywhere text-muted-foreground">{name}</span>}
      </div>
      <Button
        ref={pencil}
        variant="ghost"
        size="icon"
        aria-label={`Rename ${device.label}`}
        onClick={onRename}
        className="-my-1 text-muted-foreground md:size-7 [&_svg]:size-3.5"
      >
        <Pencil aria-hidden="true" />
      </Button>
    </div>
  )
}

/** The place of the first row, while the browser asks for what the server could not list. */
export function SessionRowSkeleton() {
  return (
    <div className="flex gap-3 border-t px-4 py-3 sm:gap-4 sm:px-6">
      <Skeleton className="mt-0.5 size-9" />
      <div className="flex h-14 flex-col justify-center gap-3">
        <Skeleton className="h-4 w-36" />
        <Skeleton className="h-4 w-48" />
      </div>
    </div>
  )
}

/** A row that leaves must not take the keyboard's place in the list with it. */
function focusNeighbour(row: HTMLLIElement | null) {
  if (!row) return
  const rows = [...(row.parentElement?.querySelectorAll("li") ?? [])]
  const staying = rows.filter((other) => other === row || !other.dataset.leaving)
  const at = staying.indexOf(row)
  const neighbour = staying[at + 1] ?? staying[at - 1]
  neighbour?.focus({ preventScroll: true })
}
