"""What the market is made of: instruments, sessions, bars, accounts, money. Plain values; no clock and no network."""
