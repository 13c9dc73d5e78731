/** An address under `/api` that is not there: JSON, not the page for people. */
function notFound(): Response {
  return Response.json(
    { error: "Not Found" },
    { status: 404, headers: { "Cache-Control": "no-store" } },
  )
}

export { notFound as DELETE, notFound as GET, notFound as PATCH, notFound as POST, notFound as PUT }
