"use client"
/**
 * The reader's own picture, or their initials when there is none or it cannot be shown. The only place
 * that loads an address which a user has set; an administrator who sees the app as somebody else loads none.
 */
import { useState } from "react"
import { Avatar, type AvatarProps } from "@/components/ui/avatar"
import { useSession } from "@/lib/use-session"

export type OwnAvatarProps = Pick<AvatarProps, "name" | "size"> & { image: string | null }

export function OwnAvatar({ name, image, size }: OwnAvatarProps) {
  const { data } = useSession()
  const [failed, setFailed] = useState<string | null>(null)
  const isReaders = data !== null && !data.session.impersonatedBy
  return (
    <Avatar name={name} size={size}>
      {isReaders && image && failed !== image && (
        // Not next/image: the picture lives on a host of the user's choosing.
        <img
          src={image}
          alt=""
          referrerPolicy="no-referrer"
          // The error may have come before React listened.
          ref={(element) => {
            if (element?.complete && element.naturalWidth === 0) setFailed(image)
          }}
          onError={() => setFailed(image)}
          className="absolute inset-0 size-full bg-secondary object-cover"
        />
      )}
    </Avatar>
  )
}
