import { expect, it } from "vitest"
import { scriptAddresses } from "./page-scripts"

it("names each script a current browser loads once, and nothing else", () => {
  const html = `
    <link rel="stylesheet" href="/a.css"><link rel="preload" href="/font.woff2" as="font">
    <link rel="preload" as="script" href="/one.js"><link rel="modulepreload" href="/two.js">
    <script src="/one.js" async=""></script><script>self.__next_f.push("/inline.js")</script>
    <script src="/three.js?a=1&amp;b=2"></script><script src="/old.js" noModule=""></script>`
  expect(scriptAddresses(html)).toEqual(["/one.js", "/two.js", "/three.js?a=1&b=2"])
})
