"""The steps of a sign-in. Each proves one thing and never calls another; `sign_in.flow` chooses the next."""
