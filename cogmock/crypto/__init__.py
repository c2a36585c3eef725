"""Pure mathematics. Random bytes and times come in as arguments."""
