"""Files of other tools, read as definitions: CloudFormation and what becomes it, Terraform, CSV files, cognito-local.

Each module makes a `Draft`: a tree in the form of a document, whose nodes keep their places in the file.
"""
