"""The guards in front of local stand-ins for S3 and DynamoDB (`--protect`), and of APIs (the shelf apis).

A request that is signed with credentials issued here is checked against IAM policies, then signed again and passed on
to the server behind; a refusal has the form that S3 or DynamoDB gives it.

Belongs here: reading AWS requests of other services, the mapping from a request to the IAM actions it needs, passing
requests on. Does not belong here: deciding (iam.policy, by iam.sessions.authorize), sockets and routes (httpd, web).

Order of the modules: upstreams and request at the bottom; s3_actions and dynamodb_actions map requests to actions;
callers authenticates; forward passes on; s3 and dynamodb put these together; proxy is the entrance.
May use iam, core, state and wire. Nothing but web may use this package.
"""
