//! Deprecation, sunset and stability.

super::rules! { Lifecycle:

"operation-deprecated" (any "---") mirror ["deprecation-withdrawn"]
    "an operation is marked deprecated"
    "it still works; users are told to move"
    "say in the description what to use in its place"
"operation-deprecated-without-sunset" (any "--w") mirror ["deprecation-withdrawn"]
    "an operation is marked deprecated and no date says until when it is served, though the policy asks for a grace time"
    "users cannot plan, and it can never be removed compatibly"
    "add `x-sunset: YYYY-MM-DD`, at least the grace time from today"
"deprecation-withdrawn" (any "---") mirror ["operation-deprecated" "operation-deprecated-without-sunset" "sunset-grace-too-short"]
    "an operation is no longer deprecated"
    "nobody has to move any more"
    "nothing to do"
"part-deprecated" (any "---") mirror ["part-deprecation-withdrawn"]
    "a parameter or property is marked deprecated"
    "it still works; users are told to leave it"
    "say in the description what to use in its place"
"part-deprecated-without-sunset" (any "--w") mirror ["part-deprecation-withdrawn"]
    "a parameter or property is marked deprecated and no date says until when it is served, though the policy asks for a grace time"
    "users cannot plan, and it can never be removed compatibly"
    "add `x-sunset: YYYY-MM-DD`, at least the grace time from today"
"part-deprecation-withdrawn" (any "---") mirror ["part-deprecated" "part-deprecated-without-sunset" "sunset-grace-too-short"]
    "a parameter or property is no longer deprecated"
    "nobody has to leave it any more"
    "nothing to do"
"sunset-grace-too-short" (any "B--") mirror ["deprecation-withdrawn" "part-deprecation-withdrawn" "sunset-removed" "sunset-moved-later"]
    "the sunset comes sooner than the policy's grace time from today"
    "users get less time to move than they are promised"
    "choose a later `x-sunset`"
"sunset-moved-earlier" (any "B--") mirror ["sunset-moved-later"]
    "the announced sunset is now sooner"
    "users planned with the old date"
    "keep the date, or choose a later one"
"sunset-moved-later" (any "---") mirror ["sunset-moved-earlier" "sunset-grace-too-short"]
    "the announced sunset is now later"
    "users have more time"
    "nothing to do"
"sunset-removed" (any "B--") mirror ["sunset-added" "sunset-grace-too-short"]
    "the announced sunset is gone while the operation, parameter or property is still deprecated"
    "nobody knows any more until when it is served"
    "keep the date, choose a later one, or take `deprecated` away too"
"sunset-added" (any "---") mirror ["sunset-removed"]
    "a deprecated operation has a sunset now"
    "users can plan"
    "nothing to do"
"sunset-unreadable" (any "B--") mirror ["sunset-unreadable"]
    "`x-sunset` is no date"
    "neither people nor tools can tell until when it is served"
    "write it as YYYY-MM-DD"
"stability-decreased" (any "B--") mirror ["stability-increased"]
    "the stability (`x-stability`: draft, alpha, beta, stable) is lower than it was"
    "users built on the promise of the higher level"
    "keep the level; offer what is unstable as an operation of its own"
"stability-increased" (any "---") mirror ["stability-decreased"]
    "the stability is higher than it was"
    "more is promised"
    "nothing to do"
}
