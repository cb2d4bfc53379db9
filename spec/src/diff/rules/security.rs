//! Who may call: schemes, scopes, permissions and roles.

super::rules! { Security:

"security-required" (any "Bw-") mirror ["security-no-longer-required"]
    "calls must identify themselves where anyone could call"
    "old clients that do not are refused"
    "serve the protected form as another operation"
"security-no-longer-required" (any "---") mirror ["security-required"]
    "anyone can call where calls had to identify themselves"
    "old clients go on identifying themselves"
    "make sure that it is meant"
"security-alternative-added" (any "---") mirror ["security-alternative-removed"]
    "there is one more way to identify oneself"
    "old clients use the ways they know"
    "nothing to do"
"security-alternative-removed" (any "B--") mirror ["security-alternative-added"]
    "a way to identify oneself is gone"
    "old clients that use it are refused"
    "keep it until its users have moved"
"security-scheme-added-to-requirement" (any "B--") mirror ["security-scheme-dropped-from-requirement"]
    "one more proof is needed besides the others"
    "old clients do not have it"
    "offer it as an alternative"
"security-scheme-dropped-from-requirement" (any "---") mirror ["security-scheme-added-to-requirement"]
    "one proof less is needed"
    "old clients go on giving it"
    "nothing to do"
"security-scope-added" (any "B-B") mirror ["security-scope-removed"]
    "a scope is needed that was not"
    "old clients' tokens do not have it"
    "keep the old scopes sufficient"
"security-scope-removed" (any "---") mirror ["security-scope-added"]
    "a scope is no longer needed"
    "old clients' tokens have more than is needed"
    "nothing to do"
"security-scheme-changed" (any "Bw-") mirror ["security-scheme-changed"]
    "a scheme works otherwise: type, name or place of the key, HTTP scheme, addresses of a flow"
    "old clients identify themselves in a way that is no longer understood"
    "add the new scheme under another name as an alternative"
"permission-tightened" (any "--B") mirror ["permission-loosened"]
    "an operation needs a permission that some callers do not have"
    "callers that could use it are refused with 403"
    "keep the permission, or give the new one to all roles that had the old one"
"permission-loosened" (any "---") mirror ["permission-tightened"]
    "an operation can be used by all who could before, and by more"
    "nobody loses anything"
    "make sure that it is meant"
"permission-changed" (any "--B") mirror ["permission-changed"]
    "an operation needs another permission, and without the roles of both sides nobody can tell who has it"
    "callers without it are refused with 403"
    "keep the permission, or give both roles files to judge who loses what"
"role-removed" (any "--B") mirror ["role-added"]
    "a built-in role is gone"
    "users that have it can do nothing any more"
    "keep it, and move its users first"
"role-added" (any "---") mirror ["role-removed"]
    "a built-in role is new"
    "nobody has it yet"
    "nothing to do"
"role-lost-permission" (any "--B") mirror ["role-gained-permission"]
    "a role may no longer do what it could"
    "its users are refused with 403"
    "make a new role with less, and keep this one"
"role-gained-permission" (any "---") mirror ["role-lost-permission"]
    "a role may do more than before"
    "its users lose nothing"
    "make sure that it is meant"
"role-scope-changed" (any "--B") mirror ["role-scope-changed"]
    "a role is given in another scope"
    "its users reach other objects than before"
    "make a new role in the other scope"
}
