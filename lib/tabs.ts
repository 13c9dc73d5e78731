/**
 * Messages between the tabs of one browser. What is in one is gone when it was read: nothing of a
 * session may be left where a script or the browser's next user finds it.
 */

export type TabMessage = {
  /** The SWR key that has changed. */
  key: string
  /** Its new value, where it may be handed over; else each tab asks for itself. */
  data?: unknown
}

export type Tabs = { tell: (message: TabMessage) => void; close: () => void }

const channelName = "next-session-starter"

/** Joins the other tabs; `receive` hears what they tell, and never what this one does. */
export function joinTabs(receive: (message: TabMessage) => void): Tabs {
  if (typeof BroadcastChannel === "undefined") return joinByStorage(receive)
  const channel = new BroadcastChannel(channelName)
  channel.onmessage = ({ data }: MessageEvent<TabMessage>) => receive(data)
  return { tell: (message) => channel.postMessage(message), close: () => channel.close() }
}

/** For browsers without channels. Storage is told the key only, and every time another text. */
function joinByStorage(receive: (message: TabMessage) => void): Tabs {
  const hear = ({ key, newValue }: StorageEvent) => {
    if (key === channelName && newValue) receive({ key: newValue.split(" ")[0] ?? "" })
  }
  window.addEventListener("storage", hear)
  return {
    tell: ({ key }) => {
      try {
        localStorage.setItem(channelName, `${key} ${Date.now()} ${Math.random()}`)
        localStorage.removeItem(channelName)
      } catch {
        // Storage is refused or full: the other tabs find out when they are looked at.
      }
    },
    close: () => window.removeEventListener("storage", hear),
  }
}
