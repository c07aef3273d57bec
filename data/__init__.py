"""The data work of Padan: registers in, checked snapshots, figures and lists out. Knows no user interface."""

__version__ = "0.1.0"
