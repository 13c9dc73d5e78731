/** What this project calls itself: in the header, in titles, in the icon's label. Change it here. */
export const projectName = "next-session-starter"
