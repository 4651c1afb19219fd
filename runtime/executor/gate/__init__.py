"""The gate: the only way from an intent to an order."""
