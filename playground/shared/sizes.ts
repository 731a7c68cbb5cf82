/** The sizes that both the style sheet and the virtual list know, in CSS pixels. */
export const ROW_HEIGHT = 38
/** A row in a narrow list: the title, and under it the other cells. */
export const TALL_ROW_HEIGHT = 62
export const HEAD_HEIGHT = 36
/** A list narrower than this shows tall rows. */
export const COMPACT = 700
