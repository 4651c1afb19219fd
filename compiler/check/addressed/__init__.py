"""Rules for some of the instruments, and instruments that cannot be traded at all."""
