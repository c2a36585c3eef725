"""CloudFormation templates: parameters, conditions, functions, the ids of resources, and their blocks."""
