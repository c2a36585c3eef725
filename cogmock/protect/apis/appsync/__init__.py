"""AppSync: which fields of a query a caller may read, and the query and the answer without the others.

documents reads a query and bounds it by its sizes; callers authenticates; rules says who may read a field; pruning cuts
the query; introspection answers it from the schema; completion puts the answer together; guard is the way in. The
library graphql-core is imported by the functions that need it.
"""
