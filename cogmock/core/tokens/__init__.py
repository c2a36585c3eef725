"""The tokens that cogmock signs: those of user pools and those of identity pools."""
