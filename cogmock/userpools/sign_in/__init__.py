"""The sign-in machine: a step proves one thing, and `flow` alone chooses what comes next."""
