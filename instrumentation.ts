/** Next's start-up hook. What it starts needs Node, so the edge build must not see it. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return
  const { startServer } = await import("./lib/startup")
  await startServer()
}
