//! Bounds, patterns and defaults.

super::rules! { Limits:

"limit-tightened" (request "B--" response "---") mirror ["limit-loosened"]
    "a bound (`maximum`, `minLength`, `maxItems`, …) allows fewer values than before"
    "some of what old clients send is refused"
    "go on taking the old range"
"limit-loosened" (request "---" response "w--") mirror ["limit-tightened"]
    "a bound allows more values than before"
    "clients may have made room for the old range only"
    "keep answers within the old range"
"limit-set" (request "B--" response "---") mirror ["limit-unset"]
    "a value is bounded that was not"
    "some of what old clients send may be refused"
    "set the bound so that no known value breaks it"
"limit-unset" (request "---" response "w--") mirror ["limit-set"]
    "a value is no longer bounded"
    "clients may have made room for the old range only"
    "keep the bound in answers"
"multiple-of-changed" (request "B--" response "w--") mirror ["multiple-of-changed"]
    "numbers must be multiples of another number"
    "old numbers may not be"
    "choose a divisor of the old number"
"pattern-set" (request "Bw-" response "-w-") mirror ["pattern-unset"]
    "texts must match a pattern where any was allowed"
    "some of what old clients send is refused"
    "go on taking other texts"
"pattern-unset" (request "-w-" response "ww-") mirror ["pattern-set"]
    "texts no longer match a pattern"
    "clients that check what they get may refuse it"
    "keep the pattern in answers"
"pattern-changed" (request "ww-" response "ww-") mirror ["pattern-changed"]
    "texts must match another pattern; whether it allows more or less is not known"
    "old texts may not match the new pattern, nor new texts the old one"
    "choose a pattern that matches all that the old one did"
"unique-items-set" (request "Bw-" response "-w-") mirror ["unique-items-unset"]
    "no item of a list may come twice"
    "old clients that send one twice are refused; some SDKs turn the list into a set"
    "take a repeated item once"
"unique-items-unset" (request "-w-" response "ww-") mirror ["unique-items-set"]
    "items of a list may come twice"
    "clients that keep a set lose some; some SDKs turn the set into a list"
    "go on sending each once"
"default-changed" (request "--B" response "--w") mirror ["default-changed"]
    "what is left out means another value"
    "old calls do something else than before, and nothing tells"
    "keep the default; let users ask for the new value"
"default-added" (request "-ww" response "--w") mirror ["default-removed"]
    "what is left out means a certain value now"
    "calls that left it out may do something else; some SDKs turn `Option<T>` into `T`"
    "give the value that was used before"
"default-removed" (request "-wB" response "--w") mirror ["default-added"]
    "what is left out no longer means a certain value"
    "old calls that relied on the default do something else or are refused"
    "keep the default"
}
