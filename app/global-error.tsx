"use client"
/**
 * The last resort, when even the root layout failed: a document of its own that needs no
 * stylesheet, no font and no theme, and follows the system's colours.
 */
export default function GlobalError({ retry }: { error: unknown; retry: () => void }) {
  return (
    <html lang="en" style={{ colorScheme: "light dark" }}>
      <body
        style={{
          display: "grid",
          placeContent: "center",
          minHeight: "100dvh",
          margin: 0,
          padding: 16,
          boxSizing: "border-box",
          font: "14px/20px system-ui, sans-serif",
          textAlign: "center",
        }}
      >
        <title>Temporarily unavailable</title>
        <h1 style={{ margin: 0, fontSize: 20, lineHeight: "28px" }}>Temporarily unavailable</h1>
        <p style={{ margin: "8px 0 24px" }}>
          This page could not be loaded just now. Try again in a moment.
        </p>
        <p style={{ margin: 0 }}>
          <button
            type="button"
            onClick={() => retry()}
            style={{ font: "inherit", minHeight: 40, padding: "0 16px" }}
          >
            Try again
          </button>
        </p>
      </body>
    </html>
  )
}
