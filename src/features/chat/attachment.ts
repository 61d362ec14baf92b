/** What a message may carry: below the size at which an entity becomes slow to sync (32 million characters at most). */
export const MAX_ATTACHMENTS = 6;
/** Of one image, as characters of its data URL; a larger one is made smaller before. */
export const MAX_IMAGE_CHARS = 1_500_000;
