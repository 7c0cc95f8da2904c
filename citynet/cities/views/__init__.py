"""Doors of cities: joining the network, the people of one's city, invitations."""
