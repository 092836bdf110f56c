/** The version that events carry, so that the server can tell scripts apart. */
declare const VERSION: number
