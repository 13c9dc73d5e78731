"use client"
/** Chooses light, dark or the system's theme. Its icon is picked by CSS, so it is right at once. */
import { Monitor, Moon, Sun } from "lucide-react"
import { useTheme } from "next-themes"
import { Menu, MenuRadioItem } from "@/components/ui/menu"
import { useHydrated } from "@/components/ui/use-hydrated"

const themes = [
  { id: "system", name: "System", icon: Monitor },
  { id: "light", name: "Light", icon: Sun },
  { id: "dark", name: "Dark", icon: Moon },
]

export function ThemeToggle() {
  const { theme, setTheme } = useTheme()
  // The choice is kept in the browser; the server cannot have known it.
  const chosen = useHydrated() ? theme : undefined
  return (
    <Menu
      label="Theme"
      className="w-36"
      triggerClassName="grid size-10 place-items-center rounded-md text-muted-foreground transition-colors hover:bg-accent hover:text-foreground md:size-9 [&_svg]:size-4"
      trigger={
        <>
          <Sun aria-hidden="true" className="dark:hidden" />
          <Moon aria-hidden="true" className="hidden dark:block" />
        </>
      }
    >
      {themes.map(({ id, name, icon: Icon }) => (
        <MenuRadioItem key={id} checked={chosen === id} onClick={() => setTheme(id)}>
          <Icon aria-hidden="true" />
          {name}
          {chosen === id && (
            <span aria-hidden="true" className="ml-auto size-1.5 rounded-full bg-brand" />
          )}
        </MenuRadioItem>
      ))}
    </Menu>
  )
}
