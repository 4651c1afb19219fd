"""What is paid in and taken out, and what becomes of new cash."""
