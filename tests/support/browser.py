"""Headless Chromium for tests, as the pictures are made with it."""

from tools.browser import open_browser

__all__ = ["open_browser"]
