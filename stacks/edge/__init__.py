"""What the world knows: the public name, the firewall behind it, the page, and the addresses of both APIs."""
