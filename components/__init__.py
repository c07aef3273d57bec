"""The parts of a screen: they draw what they are given and return what the user chose; they never read data."""
