"""Small applications that use cogmock as they would use AWS."""
