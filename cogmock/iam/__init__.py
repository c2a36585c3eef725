"""IAM and STS, as far as Cognito depends on them: roles, policies, identity providers, temporary credentials.

Belongs here: the operations of both services, the evaluation of policies, and sessions of assumed roles.
Does not belong here: identity pools (identitypools), which call into sessions; the query protocol (wire, web); the
proxy that enforces decisions (protect).

Shelves, each above the next, as the import contracts say:
operations - the operations, one module for each subject
sessions - temporary credentials: who gets them, and what they may do
rules - what operations and sessions share: lookup, tags, lists, effective policies
policy and managed - evaluation of policies, without state; AWS's own policies

May use federation (verification of foreign tokens), core, state, wire and crypto. Knows neither user pools nor
identity pools.
"""
