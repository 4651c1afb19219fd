"""Questions of futures and of groups: which contract, until when, on which prices, and what is shared."""
