"""What several operations and sessions share: lookup, documents, tags, lists, policies of principals, simulation.

`lookup` alone raises NoSuchEntity for missing resources. `effective_policies` reads the policies of a principal at each
request, so that edits take effect immediately. May use policy, managed and state; knows neither operations nor
sessions.
"""
