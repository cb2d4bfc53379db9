//! Bodies, media types, statuses and headers.

super::rules! { Messages:

"required-request-body-added" (request "BB-") mirror ["request-body-removed"]
    "an operation takes a body now and needs it"
    "old clients send none and are refused"
    "make the body optional"
"optional-request-body-added" (request "-w-") mirror ["request-body-removed"]
    "an operation takes a body now, which may be left out"
    "old clients send none; the SDK's method has one more thing to take"
    "nothing to do"
"request-body-removed" (request "BB-") mirror ["required-request-body-added" "optional-request-body-added"]
    "an operation no longer takes a body"
    "what old clients send is ignored or refused"
    "keep the body as optional and say that it is ignored"
"request-body-became-required" (request "BB-") mirror ["request-body-became-optional"]
    "the body must now be sent"
    "old clients that send none are refused"
    "keep it optional"
"request-body-became-optional" (request "-w-") mirror ["request-body-became-required"]
    "the body may now be left out"
    "old clients go on sending it"
    "nothing to do"
"request-media-type-removed" (request "BB-") mirror ["request-media-type-added"]
    "a media type is no longer taken"
    "old clients that send it get 415"
    "go on taking it"
"request-media-type-added" (request "---") mirror ["request-media-type-removed"]
    "a media type is taken besides the others"
    "old clients go on sending the old one"
    "nothing to do"
"response-media-type-removed" (response "BB-") mirror ["response-media-type-added"]
    "a media type is no longer sent"
    "old clients that ask for it get 406, or something they cannot read"
    "go on sending it to those who ask for it"
"response-media-type-added" (response "---") mirror ["response-media-type-removed"]
    "a media type can be had besides the others"
    "old clients go on asking for the old one"
    "nothing to do"
"media-type-encoding-changed" (request "B--" response "B--") mirror ["media-type-encoding-changed"]
    "the `encoding` of a form's parts is another one"
    "old clients write or read the parts otherwise"
    "keep the encoding; offer the new one as another media type"
"response-body-removed" (response "BB-") mirror ["response-body-added"]
    "an answer has no body any more"
    "old clients read one"
    "go on sending the body"
"response-body-added" (response "wB-") mirror ["response-body-removed"]
    "an answer has a body where there was none"
    "old clients ignore it; the SDK's method returns another type"
    "send it with another status or from another operation"
"response-success-removed" (response "BB-") mirror ["response-success-added"]
    "a status of success is gone"
    "old clients take another status for a failure or read its body wrongly"
    "keep the status"
"response-success-added" (response "w--") mirror ["response-success-removed"]
    "a status of success is new"
    "old clients that check for the old one take it for a failure"
    "send the new status only to those who ask for what is new"
"response-error-removed" (response "-w-") mirror ["response-error-added"]
    "a status of failure is no longer declared"
    "clients wait for it in vain, which harms nobody; the SDK may lose a variant"
    "nothing to do if the status cannot occur any more"
"response-error-added" (response "-w-") mirror ["response-error-removed"]
    "a status of failure is declared besides the others"
    "clients must expect failures that they do not know; the SDK may gain a variant"
    "nothing to do"
"response-default-removed" (response "w--") mirror ["response-default-added"]
    "the answer for all other statuses is gone"
    "the shape of undeclared failures is no longer known"
    "keep `default`"
"response-default-added" (response "---") mirror ["response-default-removed"]
    "there is an answer for all other statuses now"
    "more is known about failures"
    "nothing to do"
"required-response-header-removed" (response "BB-") mirror ["required-response-header-added"]
    "a header that was always sent is gone"
    "clients that read it find nothing"
    "go on sending it"
"response-header-removed" (response "w--") mirror ["response-header-added"]
    "a header that was sometimes sent is gone"
    "clients that use it when it is there lose that"
    "go on sending it"
"required-response-header-added" (response "---") mirror ["required-response-header-removed"]
    "a header is new and always sent"
    "old clients ignore it"
    "nothing to do"
"response-header-added" (response "---") mirror ["response-header-removed"]
    "a header is new and may be sent"
    "old clients ignore it"
    "nothing to do"
"response-header-became-optional" (response "BB-") mirror ["response-header-became-required"]
    "a header is no longer always sent"
    "clients that rely on it find nothing"
    "go on sending it always"
"response-header-became-required" (response "-w-") mirror ["response-header-became-optional"]
    "a header is now always sent"
    "more is promised; the SDK may turn `Option<T>` into `T`"
    "nothing to do"
"callbacks-changed" (any "B--") mirror ["callbacks-changed"]
    "what the server calls at the client differs"
    "a client is a server there, and one that was written for the old calls may not understand the new ones. The parts of a callback are not judged one by one"
    "look at the difference; approve it if only optional things were added"
}
