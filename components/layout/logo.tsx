/** The mark: a session held open by the one light that says it is live. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 20 20" fill="none" aria-hidden="true" className={className}>
      <path
        d="M10 2.5a7.5 7.5 0 1 0 7.5 7.5"
        stroke="currentColor"
        strokeWidth="2.25"
        strokeLinecap="round"
      />
      <circle cx="15.25" cy="4.75" r="2.5" className="fill-brand" />
      <circle cx="10" cy="10" r="2" fill="currentColor" />
    </svg>
  )
}
