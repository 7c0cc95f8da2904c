"""CityNet: the network in which cities learn from cities."""

__version__ = "0.1.0"
