/** True in the build that test suites look inside of, false in the one that is served. */
declare const DEBUG: boolean
