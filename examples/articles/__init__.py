"""The Lantern: a newspaper whose premium articles are read from S3 with the reader's own credentials."""
