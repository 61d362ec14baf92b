/** Whether the keyboard comes over half of the screen with the focus of a text field: a field then takes it only when it is touched. */
export const isTouch = (): boolean => matchMedia('(hover: none)').matches;
