"""The journal: every fact is durable before it is acted upon, and the trail shows whether it was touched."""
