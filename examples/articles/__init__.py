"""The Lantern: a paper with free and premium articles, whose content stands behind the reader's own credentials."""
