"""The pytest plugin. It is loaded in every run of every project, so it imports nothing but itself."""
