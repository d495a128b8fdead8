"""What runs beside user code. Standard library only."""
